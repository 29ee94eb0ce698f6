// The test identity provider: a twin of HelseID (for machines) and of HelseID/ID-porten (for people), on 127.0.0.1.
//
//   node main.js CONFIGURATION.json
//
// Prints one JSON line {"ready":true,"issuer":"http://127.0.0.1:PORT"} when it answers, and ends when its parent
// closes its standard input. The format of the configuration is described in configuration.js.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

import { bridgeClientAssertions } from './client-assertion.js';
import { ConfigurationFile } from './configuration.js';
import { loginRoutes } from './login.js';
import { createProvider } from './provider.js';

const path = process.argv[2];
if (!path) {
  process.stderr.write('usage: node main.js CONFIGURATION.json\n');
  process.exit(2);
}

const file = new ConfigurationFile(path);
const configuration = file.read();

// The port must be known before the issuer has a name, so the server listens first and answers after.
const server = createServer();
server.listen(configuration.port ?? 0, '127.0.0.1', async () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const bridge = await bridgeClientAssertions(file, issuer);
  const provider = await createProvider({
    file, issuer, bridgeKey: bridge.publicKey, secret: randomBytes(32),
  });
  const answer = provider.callback();
  const login = loginRoutes(provider, file);

  server.on('request', async (request, response) => {
    try {
      if (await login(request, response)) return;
      if (await bridge.replace(request, response)) return;
      answer(request, response);
    } catch (error) {
      process.stderr.write(`${error.stack}\n`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
  });
  process.stdout.write(`${JSON.stringify({ ready: true, issuer })}\n`);
});

process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
process.stdin.on('error', () => process.exit(0));
