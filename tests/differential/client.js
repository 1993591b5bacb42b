// Node's `http` against our server: `client.js PORT`.

const assert = require("assert");
const http = require("http");

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const port = process.argv[2];

// What the server was asked, as it tells it.
function ask(options, pieces = []) {
  return new Promise((resolve, reject) => {
    const request = http.request({ port, host: "127.0.0.1", agent, ...options }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => {
        const text = Buffer.concat(parts).toString();
        resolve({ status: response.statusCode, text, reused: request.reusedSocket });
      });
    });
    request.on("error", reject);
    const send = () => {
      pieces.forEach((piece) => request.write(piece));
      request.end();
    };
    if (request.getHeader("expect")) {
      request.flushHeaders();
      request.on("continue", send);
    } else {
      send();
    }
  });
}

function body(answer) {
  assert.strictEqual(answer.status, 200);
  return Buffer.from(JSON.parse(answer.text).body_b64, "base64").toString();
}

async function main() {
  assert.strictEqual(JSON.parse((await ask({ path: "/a?b=c" })).text).target, "/a?b=c");
  const chunked = await ask({ method: "POST" }, ["some", "thing"]);
  assert.strictEqual(body(chunked), "something");
  assert.ok(chunked.reused, "the connection was kept");
  const headers = { expect: "100-continue", "content-length": 2 };
  assert.strictEqual(body(await ask({ method: "PUT", headers }, ["hi"])), "hi");
  assert.strictEqual((await ask({ method: "HEAD" })).text, "");
  const large = "x".repeat(2 * 1024 * 1024);
  assert.strictEqual(body(await ask({ method: "POST" }, [large])), large);
  const trailers = { trailer: "x-sum", "transfer-encoding": "chunked" };
  assert.strictEqual(body(await ask({ method: "POST", headers: trailers }, ["a"])), "a");
  agent.destroy();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
