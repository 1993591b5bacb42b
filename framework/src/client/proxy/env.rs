//! Proxies as the environment names them.

use super::Proxy;
use crate::client::Connector;
use crate::service::Fault;

impl Proxy {
    /// Those of `http_proxy`, `https_proxy` and `all_proxy`, none of which serve whom `no_proxy` names. Each in small
    /// letters first, and else in capitals; one that is set and empty means none.
    ///
    /// `HTTP_PROXY` is not believed where `REQUEST_METHOD` is set: that is a CGI program, and whoever sends it a field
    /// `Proxy` has written that variable.
    ///
    /// # Errors
    /// [`FaultKind::InvalidUrl`](crate::service::FaultKind::InvalidUrl) if one of them is no URL of a proxy.
    pub fn from_env() -> Result<Vec<Self>, Fault> {
        from(|name| std::env::var(name).ok())
    }
}

impl Connector {
    /// Calls through the proxies that the environment names: see [`Proxy::from_env`].
    ///
    /// # Errors
    /// As that.
    pub fn proxies_from_env(self) -> Result<Self, Fault> {
        Ok(Proxy::from_env()?.into_iter().fold(self, Self::proxy))
    }
}

type New = fn(&str) -> Result<Proxy, Fault>;

fn from(variable: impl Fn(&str) -> Option<String>) -> Result<Vec<Proxy>, Fault> {
    let is_cgi = variable("REQUEST_METHOD").is_some();
    let set = |small: &str| {
        let large = || match is_cgi && small == "http_proxy" {
            true => None,
            false => variable(&small.to_ascii_uppercase()),
        };
        variable(small).or_else(large).filter(|value| !value.trim().is_empty())
    };
    let except = set("no_proxy").unwrap_or_default();
    let kinds: [(&str, New); 3] =
        [("http_proxy", Proxy::http), ("https_proxy", Proxy::https), ("all_proxy", Proxy::all)];
    let mut proxies = Vec::new();
    for (name, new) in kinds {
        let Some(url) = set(name) else { continue };
        let proxy = new(url.trim()).map_err(|fault| {
            let why = fault.cause().map(ToString::to_string).unwrap_or_default();
            Fault::new(fault.kind(), format!("`{name}` of the environment: {why}"))
        })?;
        proxies.push(proxy.no_proxy(&except));
    }
    Ok(proxies)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::proxy::Way;

    /// By whom URLs are reached in an environment.
    fn ways(environment: &[(&str, &str)]) -> [String; 3] {
        let proxies = from(|name| {
            let found = environment.iter().find(|(set, _)| *set == name);
            found.map(|(_, value)| (*value).to_owned())
        });
        let connector = proxies.unwrap().into_iter().fold(Connector::new(), Connector::proxy);
        ["http://a", "https://a", "http://b"].map(|url| {
            match connector.way_to(&url.parse().unwrap()).unwrap() {
                Way::Direct => String::new(),
                Way::Forward(proxy) | Way::Tunnel(proxy) => proxy.origin().host().to_owned(),
            }
        })
    }

    /// C06: which variable counts, and which is not believed.
    #[test]
    fn variables() {
        assert_eq!(ways(&[]), ["", "", ""]);
        assert_eq!(ways(&[("http_proxy", "p"), ("HTTP_PROXY", "q")]), ["p", "", "p"]);
        assert_eq!(ways(&[("http_proxy", ""), ("HTTP_PROXY", "q")]), ["", "", ""]);
        assert_eq!(ways(&[("HTTPS_PROXY", "q"), ("all_proxy", "r")]), ["r", "q", "r"]);
        assert_eq!(ways(&[("all_proxy", "r"), ("NO_PROXY", "b:80")]), ["r", "r", ""]);
        assert_eq!(ways(&[("all_proxy", "r"), ("no_proxy", "*")]), ["", "", ""]);
        let cgi = ("REQUEST_METHOD", "GET");
        assert_eq!(ways(&[("HTTP_PROXY", "q"), cgi]), ["", "", ""]);
        assert_eq!(ways(&[("http_proxy", "q"), ("HTTPS_PROXY", "q"), cgi]), ["q", "q", "q"]);
    }

    #[test]
    fn a_variable_that_is_no_proxy_is_named() {
        let fault = from(|name| (name == "ALL_PROXY").then(|| "socks5://u:s3cret@p".to_owned()));
        let said = fault.unwrap_err().to_string();
        assert!(said.contains("`all_proxy`") && said.contains("SOCKS"), "{said}");
        assert!(!said.contains("s3cret"));
    }
}
