//! Other people's programs against ours: `curl`, and Python's client and server.
//!
//! Where a program is missing the test says so on stderr, and passes.

use std::io::ErrorKind;
use std::process::{Output, Stdio};

use counterpart::client::Client;
use counterpart::http::Method;
use counterpart::{Request, Service};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use super::house::Served;

/// What a program printed; nothing if it is not installed.
async fn run(program: &str, arguments: &[&str]) -> Option<String> {
    let output: Output = match Command::new(program).args(arguments).output().await {
        Ok(output) => output,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            eprintln!("NOT TESTED: {program} is not installed");
            return None;
        }
        Err(error) => panic!("{program}: {error}"),
    };
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{program}: {out}{err}");
    Some(out)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[tokio::test]
async fn curl_is_served() {
    let served = Served::new().await;
    let url = |path: &str| format!("http://{}{path}", served.address);
    let Some(answer) = run("curl", &["-sSi", &url("/hello")]).await else { return };
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("hello"), "{answer}");
    // Two requests on one connection, and a body of a megabyte that waits for 100-continue.
    let twice = run("curl", &["-sSv", "--stderr", "-", &url("/stream"), &url("/hello")]).await;
    let twice = twice.unwrap_or_default();
    assert!(twice.contains("piece piece piece ") && twice.contains("e-us"), "{twice}");
    let file = std::env::temp_dir().join(format!("counterpart-{}", std::process::id()));
    std::fs::write(&file, vec![b'x'; 1_500_000]).unwrap();
    let upload = format!("@{}", file.display());
    for more in [&["-HExpect: 100-continue"][..], &["-HTransfer-Encoding: chunked"][..], &[][..]] {
        let mut arguments = vec!["-sS", "--data-binary", &upload];
        arguments.extend_from_slice(more);
        let target = url("/collected");
        arguments.push(&target);
        assert_eq!(run("curl", &arguments).await.as_deref(), Some("1500000"), "{more:?}");
    }
    let target = url("/limited");
    let refused = run("curl", &["-sSi", "--data-binary", &upload, &target]).await;
    assert!(refused.unwrap_or_default().contains("HTTP/1.1 413 "));
    std::fs::remove_file(&file).unwrap();
    served.stopped().await;
}

/// S1, S2, S32: `http.client` is served as by `http.server`.
#[tokio::test]
async fn pythons_client_is_served() {
    let served = Served::new().await;
    let script = "
import http.client, sys
c = http.client.HTTPConnection(sys.argv[1], timeout=10)
def ask(*args, **more):
    c.request(*args, **more)
    r = c.getresponse()
    return r.status, r.read().decode()
print(ask('GET', '/hello'))
print(ask('HEAD', '/hello'))
print(ask('POST', '/echo', body='text'))
print(ask('POST', '/echo', body=iter([b'one', b'two']), encode_chunked=True,
          headers={'Transfer-Encoding': 'chunked'}))
print(ask('GET', '/stream'))
print(ask('GET', '/empty'))
print(len(ask('GET', '/large')[1]))
";
    let address = served.address.to_string();
    let Some(said) = run("python3", &["-c", script, &address]).await else { return };
    let expected = "(200, 'hello')\n(200, '')\n(200, 'text')\n(200, 'onetwo')\n(200, 'piece piece piece ')\n(204, '')\n1000000\n";
    assert_eq!(said, expected);
    served.stopped().await;
}

#[tokio::test]
async fn pythons_server_is_called() {
    let folder = env!("CARGO_MANIFEST_DIR");
    let arguments = ["-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", folder];
    let mut command = Command::new("python3");
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
    let Ok(mut server) = command.spawn() else {
        eprintln!("NOT TESTED: python3 is not installed");
        return;
    };
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let line = lines.next_line().await.unwrap().expect("its address");
    let url = line.split(['(', ')']).nth(1).expect("an address in its words");
    let client = Client::new(url).unwrap();
    for _ in 0..3 {
        let response = client.call(Request::new(Method::GET, "/Cargo.toml")).await.unwrap();
        assert_eq!(response.status, 200);
        let body = response.body.collect(1 << 20).await.unwrap();
        assert_eq!(body, std::fs::read(format!("{folder}/Cargo.toml")).unwrap());
    }
    let missing = client.call(Request::new(Method::GET, "/missing")).await.unwrap();
    assert_eq!(missing.status, 404);
    server.kill().await.unwrap();
}
