//! The four figures, the days, the stock: what is kept beside the pledges is what the pledges say.

use super::{Rule, When, sql};

pub const RULES: &[Rule] = &[
    sql(
        "the four figures are those of the pledges",
        When::Always,
        "with one as (
             select pledge.*, greatest(payment.amount_minor - refunded_minor - gift_disputed_minor, 0) as kept_minor
             from pledge left join payment on book_id = campaign_id and subject_id = pledge_id),
         counted as (
             select campaign_id, decided_at is null and way = 'all_or_nothing' as early,
                    coalesce(sum(amount_minor) filter (where counts and one.state = 'card_saved'), 0) as saved,
                    coalesce(sum(amount_minor) filter (where not counts and one.state = 'card_saved'), 0) as own_saved,
                    coalesce(sum(kept_minor) filter (where counts and one.state = 'paid'), 0) as kept,
                    coalesce(sum(amount_minor - kept_minor) filter (where counts and one.state = 'paid'), 0) as gone,
                    coalesce(sum(kept_minor) filter (where not counts and one.state = 'paid'), 0) as own_kept,
                    coalesce(sum(amount_minor) filter (where counts and one.state in
                        ('due', 'charging', 'needs_you', 'retry_later', 'stopping')), 0) as at_risk,
                    coalesce(sum(amount_minor) filter (where counts and one.state in ('dropped', 'released')), 0) as lost,
                    coalesce(sum(amount_minor) filter (where not counts
                        and one.state not in ('draft', 'card_saved', 'expired', 'cancelled')), 0) as own_late,
                    count(*) filter (where one.state not in ('draft', 'expired', 'cancelled')) as backers
             from campaign left join one using (campaign_id) group by 1, 2),
         right_one as (
             select campaign_id, backers,
                    case when early then saved else kept + gone + at_risk + lost end as promised_minor,
                    case when early then own_saved else own_late end as own_minor,
                    kept as collected_minor, at_risk as at_risk_minor, lost + gone as lost_minor,
                    own_kept as own_collected_minor
             from counted)
         select format('campaign %s: kept promised %s collected %s at risk %s lost %s own %s/%s backers %s; '
                       'counted %s %s %s %s %s/%s %s', campaign_id,
                       kept.promised_minor, kept.collected_minor, kept.at_risk_minor, kept.lost_minor, kept.own_minor,
                       kept.own_collected_minor, kept.backers,
                       it.promised_minor, it.collected_minor, it.at_risk_minor, it.lost_minor, it.own_minor,
                       it.own_collected_minor, it.backers)
         from campaign_total as kept join right_one as it using (campaign_id)
         where (kept.promised_minor, kept.collected_minor, kept.at_risk_minor, kept.lost_minor, kept.own_minor,
                kept.own_collected_minor, kept.backers)
            <> (it.promised_minor, it.collected_minor, it.at_risk_minor, it.lost_minor, it.own_minor,
                it.own_collected_minor, it.backers)",
    ),
    sql(
        "from the decision on, promised is collected, at risk and lost together",
        When::Always,
        "select format('campaign %s: %s is not %s + %s + %s', campaign_id, promised_minor, collected_minor, at_risk_minor,
                       lost_minor)
         from campaign_total join campaign using (campaign_id)
         where decided_at is not null and promised_minor <> collected_minor + at_risk_minor + lost_minor",
    ),
    sql(
        "the days of a campaign add up to what it was promised",
        When::Always,
        "select format('campaign %s: days %s by %s, total %s by %s', total.campaign_id,
                       sum(day.promised_minor), sum(day.backers),
                       total.promised_minor, total.backers)
         from campaign_total as total left join campaign_day as day using (campaign_id)
         group by total.campaign_id, total.promised_minor, total.backers
         having coalesce(sum(day.promised_minor), 0) <> total.promised_minor
             or coalesce(sum(day.backers), 0) <> total.backers",
    ),
    sql(
        "what is taken of a reward is what pledges hold, and never more than there is",
        When::Always,
        "select format('reward %s: taken %s of %s, held by %s', stock.reward_id, taken, stock_limit, count(pledge_id))
         from reward_stock as stock left join pledge
              on pledge.campaign_id = stock.campaign_id and pledge.reward_id = stock.reward_id
              and pledge.state not in ('expired', 'cancelled', 'released', 'dropped')
         group by stock.campaign_id, stock.reward_id, taken, stock_limit
         having taken <> count(pledge_id) or taken < 0 or taken > stock_limit",
    ),
    sql(
        "a campaign goes where its figures send it, and not before its deadline",
        When::Always,
        "select format('campaign %s is %s: promised %s, collected %s of %s', campaign_id, state, promised_minor,
                       collected_minor, minimum_minor)
         from campaign join campaign_total using (campaign_id)
         -- Where commitments to lend count, and where what comes is kept, gifts alone decide nothing.
         where way = 'all_or_nothing'
           and not exists (select from loan where loan.campaign_id = campaign.campaign_id and counts_to_minimum)
           and ((state = 'failed' and promised_minor >= minimum_minor)
            or (state in ('collecting', 'funded', 'short', 'unwound') and promised_minor < minimum_minor)
            -- What went back later sends nothing anywhere.
            or (state = 'funded' and collected_minor < minimum_minor and go_on_until is null and not exists (
                    select from payment where book_id = campaign_id and (refunded_minor > 0 or disputed_minor > 0)))
            or (state = 'short' and collected_minor >= minimum_minor and not exists (
                    select from dispute where book_id = campaign_id) and not exists (
                    -- What did not arrive counts again.
                    select from refund where book_id = campaign_id and refund.state = 'failed'))
            or (state in ('failed', 'collecting', 'funded', 'short', 'unwound')
                and (decided_at is null or decided_at < deadline_at))
            or (state = 'open' and decided_at is not null))",
    ),
];
