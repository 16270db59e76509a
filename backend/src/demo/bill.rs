//! Bills of the demo: a page that looks like one, and says at once that it is none.

/// A document of one page.
pub fn of(payee: &str, purpose: &str, amount: &str, currency: &str, day: &str) -> Vec<u8> {
    let lines = [payee, "Bill of the demo: nothing was sold", day, purpose];
    let mut drawn = String::from("BT /F1 14 Tf 60 760 Td 24 TL\n");
    for line in lines {
        drawn += &format!("({}) Tj T*\n", plain(line));
    }
    drawn += &format!("({amount} {currency}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_string(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_string(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_string(),
        format!("<< /Length {} >>\nstream\n{drawn}\nendstream", drawn.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_string(),
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut places = String::from("0000000000 65535 f \n");
    for (number, object) in objects.iter().enumerate() {
        places += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{} 0 obj\n{object}\nendobj\n", number + 1);
    }
    let at = file.len();
    file += &format!("xref\n0 6\n{places}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n");
    file.into_bytes()
}

/// The letters that every reader's own font has.
fn plain(text: &str) -> String {
    let letters = text.chars().map(|letter| match letter {
        'á' | 'à' => 'a',
        'é' => 'e',
        'í' => 'i',
        'ó' | 'ö' => 'o',
        'ú' => 'u',
        letter if letter.is_ascii_graphic() && !matches!(letter, '(' | ')' | '\\') => letter,
        _ => ' ',
    });
    letters.collect()
}
