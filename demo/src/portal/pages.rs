//! The portal's few web pages.

/// A page around `body`, which is HTML already.
fn page(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} - Brightline</title>\n\
         <style>body{{font:16px/1.5 system-ui;margin:3rem auto;max-width:44rem;padding:0 1rem}}\
         th{{text-align:left;padding-right:2rem;font-weight:normal;color:#667}}</style></head>\n\
         <body>{body}<p><small>A fake Bitrix24 portal with invented people.</small></p></body></html>\n",
        title = escape(title)
    )
}

/// A page with one sentence.
pub(crate) fn notice(sentence: &str) -> String {
    page(sentence, &format!("<h1>{}</h1>", escape(sentence)))
}

/// The login form; it posts to the address it was shown at and takes any password.
pub(crate) fn login_form(target: &str) -> String {
    let form = format!(
        "<h1>Log in to Brightline</h1><form method=\"post\" action=\"{}\">\
         <p><label>E-mail <input name=\"USER_LOGIN\" type=\"email\" value=\"lena@brightline.example\"></label></p>\
         <p><label>Password <input name=\"USER_PASSWORD\" type=\"password\"></label></p>\
         <p><button>Log in</button></p></form>",
        escape(target)
    );
    page("Log in", &form)
}

/// Text made safe for HTML.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_become_markup() {
        assert!(!notice("<script>alert(1)</script>").contains("<script>"));
        assert!(login_form("/x?state=\"><b>").contains("action=\"/x?state=&quot;&gt;&lt;b&gt;\""));
    }
}
