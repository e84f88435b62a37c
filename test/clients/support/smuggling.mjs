// SPDX-License-Identifier: MIT
// What two parsers may see different numbers of requests in. Each is a request that ends with another one, which is its body or a
// part of it; whoever loses count serves that one too. The letters are those of the project's list of rules for HTTP.

const chunk = (text) => `${text.length.toString(16)}\r\n${text}\r\n`;
const end = "0\r\n\r\n";

/** Whoever goes by the length sees one request; whoever goes by the chunks sees the end of the body at once. */
const byLength = (...lines) => ({ front, smuggled }) => {
  const body = end + smuggled;
  return `${head(front, lines.map((line) => line.replace("LENGTH", body.length)))}${body}`;
};

/** Whoever goes by the chunks sees one request; whoever goes by the length sees the end of the body behind the first size. */
const byChunks = (...lines) => ({ front, smuggled }) => {
  const body = chunk(smuggled) + end;
  return `${head(front, lines.map((line) => line.replace("LENGTH", body.indexOf("\n") + 1)))}${body}`;
};

/** Whoever takes the length for one sees one request, whoever does not sees two. */
const withLength = (...lines) => ({ front, smuggled }) =>
  `${head(front, lines.map((line) => line.replace("LENGTH", smuggled.length).replace("HEX", smuggled.length.toString(16))))}${smuggled}`;

/** A body in chunks of the case's own making. */
const inChunks = (bodyOf) => ({ front, smuggled }) => `${head(front, ["Transfer-Encoding: chunked"])}${bodyOf(smuggled)}`;

function head(front, lines) {
  return `POST ${front} HTTP/1.1\r\nHost: chat.example\r\n${lines.map((line) => `${line}\r\n`).join("")}\r\n`;
}

const bothLengths = {
  "length and chunks, length first": byLength("Content-Length: LENGTH", "Transfer-Encoding: chunked"),
  "length and chunks, chunks first": byLength("Transfer-Encoding: chunked", "Content-Length: LENGTH"),
  "chunks and length, length first": byChunks("Content-Length: LENGTH", "Transfer-Encoding: chunked"),
  "chunks and length, chunks first": byChunks("Transfer-Encoding: chunked", "Content-Length: LENGTH"),
  "both in capitals": byLength("CONTENT-LENGTH: LENGTH", "TRANSFER-ENCODING: CHUNKED"),
  "both in small letters": byChunks("content-length: LENGTH", "transfer-encoding: chunked"),
};

const lengths = {
  "two lengths, the smaller first": withLength("Content-Length: 0", "Content-Length: LENGTH"),
  "two lengths, the larger first": withLength("Content-Length: LENGTH", "Content-Length: 0"),
  "two equal lengths": withLength("Content-Length: LENGTH", "Content-Length: LENGTH"),
  "a list of lengths": withLength("Content-Length: 0, LENGTH"),
  "a length with a plus": withLength("Content-Length: +LENGTH"),
  "a length with a minus": withLength("Content-Length: -LENGTH"),
  "a length with a blank in it": withLength("Content-Length: 0 LENGTH"),
  "a length in hexadecimal": withLength("Content-Length: 0xHEX"),
  "a length beyond 64 bits": withLength("Content-Length: 18446744073709551616"),
  "an empty length": withLength("Content-Length:"),
  "a length with a fraction": withLength("Content-Length: LENGTH.0"),
};

const codings = {
  "an unknown coding": "Transfer-Encoding: xchunked",
  "identity": "Transfer-Encoding: identity",
  "chunked, identity": "Transfer-Encoding: chunked, identity",
  "identity, chunked": "Transfer-Encoding: identity, chunked",
  "chunked twice": "Transfer-Encoding: chunked, chunked",
  "chunked with a comma": "Transfer-Encoding: chunked,",
  "chunked in quotes": 'Transfer-Encoding: "chunked"',
  "chunked with a parameter": "Transfer-Encoding: chunked;q=1",
  "a tab before chunked": "Transfer-Encoding:\tchunked",
  "a vertical tab before chunked": "Transfer-Encoding: \vchunked",
  "two codings, chunked last": "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
  "two codings, chunked first": "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
  "a blank before the colon": "Transfer-Encoding : chunked",
  "a blank before the name": " Transfer-Encoding: chunked",
  "a folded line": "Transfer-Encoding:\r\n chunked",
  "a fold that hides it": "X-Note: a\r\n Transfer-Encoding: chunked",
  "a line feed before it": "X-Note: a\nTransfer-Encoding: chunked",
  "a carriage return before it": "X-Note: a\rTransfer-Encoding: chunked",
  "a zero byte in its name": "Transfer\0-Encoding: chunked",
  "a zero byte in its value": "Transfer-Encoding: chunked\0",
};

const lineEnds = {
  "line feeds alone": ({ front, smuggled }) =>
    withLength("Content-Length: LENGTH")({ front, smuggled: smuggled.replaceAll("\r\n", "\n") }).replaceAll("\r\n", "\n"),
  "a line feed alone behind the length": withLength("X-Note: a\nContent-Length: LENGTH\nX-Note: b"),
  "an empty line of a line feed alone": withLength("X-Note: a\n\nContent-Length: LENGTH"),
  "a folded length": withLength("Content-Length:\r\n LENGTH"),
};

const sizes = Object.fromEntries([
  ["with a prefix", "0x0"], ["with a plus", "+0"], ["with a minus", "-0"], ["behind a blank", " 0"], ["before a blank", "0 "],
  ["with an underscore", "0_0"], ["of many zeros", "0".repeat(40)], ["that wraps at 64 bits", `1${"0".repeat(16)}`],
  ["that wraps at 32 bits", `1${"0".repeat(8)}`], ["that is missing", ""], ["that is no number", "zero"],
].map(([name, size]) => [`a chunk size ${name}`, inChunks((smuggled) => `${size}\r\n\r\n${smuggled}`)]));

/** As many bytes as the hexadecimal size says. */
const padded = (text, size) => text.padEnd(Number.parseInt(size, 16), "x");

// The end of a line in an extension, and behind a chunk: whoever is in front sees one request where whoever is behind sees two.
const chunkEnds = {
  "a line feed ends an extension in front only": inChunks((smuggled) => `2;\nxx\r\n${chunk(end + smuggled)}${end}`),
  "a line feed ends an extension behind only": inChunks((smuggled) => {
    const inner = `\r\n${smuggled}`;
    return `1;\nA\r\n0\r\n${inner.length.toString(16)};a:b\r\n${inner}\r\n${end}`;
  }),
  "a line feed ends a chunk in front only": inChunks((smuggled) => `5\r\nAAAAA\n80\r\n${padded(`\r\n${smuggled}`, "80")}\r\n${end}`),
  "a line feed ends a chunk behind only": inChunks((smuggled) => {
    const tail = `\r\n${end}${smuggled}`;
    const size = (0x102 - 4 - 5 + tail.length).toString(16);
    return `5\r\nAAAAA\n102\r\nxx\r\n${size}\r\n${"x".repeat(0x102 - 4 - 5)}${tail}\r\n${end}`;
  }),
  "a line feed alone behind a size": inChunks((smuggled) => `0\n\n${smuggled}`),
  "a line feed in an extension": inChunks((smuggled) => `0;a=\n\r\n\r\n${smuggled}`),
  "a carriage return in an extension": inChunks((smuggled) => `0;a=\r\r\n\r\n${smuggled}`),
  "nothing behind a chunk": inChunks((smuggled) => `1\r\nA${end}${smuggled}`),
  "a trailer that ends with a line feed": inChunks((smuggled) => `0\r\nX-Note: a\n\n${smuggled}`),
};

/** The same, as a request for the upgrade of a hub's connection. */
const upgrade = (...lines) => ({ front, smuggled }) =>
  withLength("Connection: Upgrade", ...lines)({ front: front.replace("/requests", "/testhub"), smuggled }).replace("POST", "GET");

const upgrades = {
  "to HTTP/2": upgrade("Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA"),
  "with a body": upgrade("Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Content-Length: LENGTH"),
  "of an unknown version": upgrade("Upgrade: websocket", "Sec-WebSocket-Version: 777", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="),
};

const ordinary = {
  "a body of that length": withLength("Content-Length: LENGTH"),
  "a body in one chunk": inChunks((smuggled) => chunk(smuggled) + end),
  "a body that is asked for": withLength("Content-Length: LENGTH", "Expect: 100-continue"),
};

const from = (family, table) => Object.entries(table).map(([name, build]) => ({ name: `${family}, ${name}`, build }));

/** Requests in which everybody sees one. build({ front, smuggled }): the request for the target `front` around the text `smuggled`. */
export const ordinaryRequests = from("ordinary", ordinary);

/** Requests in which somebody may see two. */
export const attempts = [
  ...from("H03", lineEnds),
  ...from("H05", bothLengths),
  ...from("H06", lengths),
  ...from("H07", Object.fromEntries(Object.entries(codings).flatMap(([name, line]) =>
    [[name, byLength(line)], [`${name} and a length`, byLength("Content-Length: LENGTH", line)]]))),
  ...from("H08", sizes),
  ...from("H08", chunkEnds),
  ...from("H12, upgrade", upgrades),
];
