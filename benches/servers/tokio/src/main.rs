//! The floor on tokio: a task for each connection, which reads, and writes ready-made answers.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;

use api::canned::{Canned, Dialogue};
use api::{Flags, ZEROS};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::runtime::{Builder, Runtime};

fn main() -> io::Result<()> {
    let flags = Flags::read();
    flags.without_router();
    flags.without_tls();
    let canned = Arc::new(Canned::default());
    let runtime = runtime()?;
    let first = listen(&runtime, flags.address())?;
    let address = first.local_addr()?;
    for _ in 1..flags.workers {
        let (runtime, canned) = (self::runtime()?, canned.clone());
        let listener = listen(&runtime, address)?;
        thread::spawn(move || runtime.block_on(serve(listener, canned)));
    }
    flags.announce(address);
    runtime.block_on(serve(first, canned))
}

fn runtime() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_io().build()
}

/// Each worker listens on its own; the kernel parts the connections.
fn listen(runtime: &Runtime, address: SocketAddr) -> io::Result<TcpListener> {
    let _inside = runtime.enter();
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    socket.set_reuseport(true)?;
    socket.bind(address)?;
    socket.listen(4096)
}

async fn serve(listener: TcpListener, canned: Arc<Canned>) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(talk(stream, canned.clone()));
    }
}

/// One connection, to its end.
async fn talk(mut stream: TcpStream, canned: Arc<Canned>) -> io::Result<()> {
    let (mut input, mut filled) = (vec![0; 4096], 0);
    let (mut dialogue, mut out) = (Dialogue::default(), Vec::with_capacity(4096));
    while filled < input.len() {
        let read = stream.read(&mut input[filled..]).await?;
        if read == 0 {
            break;
        }
        filled += read;
        let mut used = 0;
        loop {
            let heard = dialogue.hear(&canned, &input[used..filled], &mut out);
            if !out.is_empty() {
                stream.write_all(&out).await?;
                out.clear();
            }
            let Ok(heard) = heard else { return Ok(()) };
            used += heard;
            if dialogue.zeros == 0 {
                break;
            }
            send_zeros(&mut stream, std::mem::take(&mut dialogue.zeros)).await?;
        }
        input.copy_within(used..filled, 0);
        filled -= used;
        if dialogue.is_uploading() && input.len() < UPLOAD {
            input.resize(UPLOAD, 0);
        }
    }
    Ok(())
}

async fn send_zeros(stream: &mut TcpStream, mut left: u64) -> io::Result<()> {
    while left > 0 {
        let length = left.min(ZEROS.len() as u64);
        stream.write_all(&ZEROS[..length as usize]).await?;
        left -= length;
    }
    Ok(())
}

/// How much of an upload is read at a time.
const UPLOAD: usize = 64 * 1024;
