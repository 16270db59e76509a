//! Standing gifts: one charge for each period at most, and totals that are what the rows say.

use super::{Rule, When, sql};

pub const RULES: &[Rule] = &[
    sql(
        "a support is charged once for a period at most",
        When::Always,
        "select format('support %s, number %s: %s charges', support_id, number, count(*))
         from contribution
         join sandbox.object as intent
              on intent.kind = 'payment_intent' and intent.data->'metadata'->>'felag_contribution' = contribution_id::text
         join sandbox.object as charge
              on charge.kind = 'charge' and charge.data->>'payment_intent' = intent.id
              and charge.data->>'status' = 'succeeded'
         group by project_id, support_id, number having count(*) > 1",
    ),
    sql(
        "what a supporter is charged is what they said, and within the mandate",
        When::Always,
        "select format('contribution %s of %s + %s: charged %s, mandate %s', contribution_id, one.amount_minor,
                       one.tip_minor, charge.data->>'amount', mandate_minor)
         from contribution as one join support using (project_id, support_id)
         join sandbox.object as intent
              on intent.kind = 'payment_intent' and intent.data->'metadata'->>'felag_contribution' = contribution_id::text
         join sandbox.object as charge
              on charge.kind = 'charge' and charge.data->>'payment_intent' = intent.id
              and charge.data->>'status' = 'succeeded'
         where (charge.data->>'amount')::bigint / case one.currency when 'ISK' then 100 else 1 end
               <> one.amount_minor + one.tip_minor
            -- Whoever changes the amount changes the mandate: that of earlier charges stands nowhere any more.
            or (one.amount_minor + one.tip_minor > mandate_minor
                and not exists (select from message where kind = 'support_changed'
                                and strpos(unique_key, support_id::text) > 0 and message.created_at >= one.created_at))",
    ),
    sql(
        "nobody is charged before a period is over",
        When::Always,
        "select format('support %s since %s: number %s at %s', support_id, started_at, number, due_at)
         from contribution join support using (project_id, support_id)
         where due_at < started_at + number * interval '7 days' - interval '1 minute'",
    ),
    sql(
        "what came in for a project is its contributions, less what went back",
        When::Always,
        "with came as (
             select project_id, support.currency, sum(payment.amount_minor - refunded_minor - gift_disputed_minor) as minor
             from payment join contribution on contribution_id = subject_id join support using (project_id, support_id)
             where subject_kind = 'contribution' and contribution.paid_at is not null group by 1, 2),
         now as (
             select project_id, currency, count(*) as many,
                    coalesce(sum(amount_minor) filter (where period = 'weekly'), 0) as weekly,
                    coalesce(sum(amount_minor) filter (where period = 'monthly'), 0) as monthly,
                    coalesce(sum(amount_minor) filter (where period = 'yearly'), 0) as yearly
             from support where state in ('active', 'past_due') group by 1, 2)
         select format('project %s: kept %s by %s, %s %s %s; counted %s by %s, %s %s %s', total.project_id, collected_minor,
                       supporters, weekly_minor, monthly_minor, yearly_minor, minor, many, weekly, monthly, yearly)
         from support_total as total left join came using (project_id, currency) left join now using (project_id, currency)
         where collected_minor <> coalesce(minor, 0) or supporters <> coalesce(many, 0)
            or (weekly_minor, monthly_minor, yearly_minor)
               <> (coalesce(weekly, 0), coalesce(monthly, 0), coalesce(yearly, 0))",
    ),
    sql(
        "no support waits for its first card for ever",
        When::AtTheEnd,
        "select format('support %s is %s', support_id, state) from support where state in ('draft', 'starting')",
    ),
];
