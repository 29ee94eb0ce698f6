// An independent opinion on JWTs, for the tests: npm jose, asked by JSON lines on standard input.
//
//   {"op":"key","alg":"RS256"}                    → {"private":JWK,"public":JWK,"thumbprint":"…"}
//   {"op":"sign","key":JWK,"header":{},"payload":{}} → {"jwt":"…"}
//   {"op":"verify","key":JWK,"jwt":"…","options":{}} → {"payload":{}} or {"error":"…"}
import { createInterface } from 'node:readline';

import {
  CompactSign, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, jwtVerify,
} from 'jose';

const answers = {
  async key({ alg }) {
    const pair = await generateKeyPair(alg, { extractable: true });
    const publicKey = await exportJWK(pair.publicKey);
    return {
      private: await exportJWK(pair.privateKey), public: publicKey, thumbprint: await calculateJwkThumbprint(publicKey),
    };
  },

  async sign({ key, header, payload }) {
    const text = new TextEncoder().encode(JSON.stringify(payload));
    return { jwt: await new CompactSign(text).setProtectedHeader(header).sign(await importJWK(key, header.alg)) };
  },

  async verify({ key, jwt, alg, options }) {
    const { payload } = await jwtVerify(jwt, await importJWK(key, alg), options);
    return { payload };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line);
  let answer;
  try {
    answer = await answers[question.op](question);
  } catch (error) {
    answer = { error: error.message };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
