//! Downloads: what breaks off goes on.

use std::io::ErrorKind;

use counterpart::client::Client;
use tokio::fs::File;
use tokio::io::AsyncSeekExt;

// ANCHOR: download
/// Gets a file, and goes on up to nine times where it breaks off.
pub async fn download(client: &Client, url: &str, file: &mut File) -> counterpart::Result<()> {
    let mut request = client.get(url);
    for _ in 0..10 {
        let answer = request.header("accept-encoding", "identity").send().await?;
        let mut answer = answer.error_for_status()?;
        if answer.status() != 206 {
            file.rewind().await?; // it is the whole, maybe another one than before
            file.set_len(0).await?;
        }
        let tag = answer.header("etag").unwrap_or_default().to_owned();
        match answer.copy_to(file).await {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {}
            copied => return Ok(copied.map(drop)?),
        }
        let range = format!("bytes={}-", file.stream_position().await?);
        request = client.get(url).header("range", range).header("if-range", tag);
    }
    Err(counterpart::Error::new("it breaks off again and again"))
}
// ANCHOR_END: download
