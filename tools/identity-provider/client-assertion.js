import {
  SignJWT, compactVerify, decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, importJWK,
} from 'jose';

const algorithms = ['RS256', 'PS256', 'ES256'];
const longest = 56 * 1024;

/**
 * FHI's standard client writes the `iat` of its client assertion as a string, which HelseID accepts and oidc-provider
 * does not. So the assertion is verified here, with the client's own key and by the same rules, and handed on signed
 * by a key that only this process holds (the bridge), with `iat` as the number it should have been.
 */
export async function bridgeClientAssertions(file, issuer) {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = { ...await exportJWK(publicKey), alg: 'ES256', use: 'sig', kid: 'bridge' };

  return {
    publicKey: jwk,

    /** Replaces the assertion of a token request. True when the request was refused and answered here. */
    async replace(request, response) {
      if (request.method !== 'POST' || !request.url.startsWith('/token')) return false;
      const form = new URLSearchParams(await readBody(request));
      try {
        const assertion = form.get('client_assertion');
        if (assertion) form.set('client_assertion', await sign(await verify(assertion, file, issuer), privateKey));
      } catch (error) {
        response.writeHead(401, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ error: 'invalid_client', error_description: error.message }));
        return true;
      }
      request.body = Object.fromEntries(form);
      return false;
    },
  };
}

async function readBody(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > longest) throw new Error('request entity too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function verify(assertion, file, issuer) {
  const claimed = decodeJwt(assertion).sub;
  const client = file.machine(claimed) ?? file.portal(claimed);
  if (!client?.jwks) throw new Error('client not found');

  const claims = JSON.parse(new TextDecoder().decode(await verifySignature(assertion, client.jwks.keys)));
  const audiences = [claims.aud].flat();
  const accepted = [issuer, `${issuer}/`, `${issuer}/token`];
  if (claims.iss !== client.clientId || claims.sub !== client.clientId) {
    throw new Error('iss and sub must be the client');
  }
  if (!audiences.some((audience) => accepted.includes(audience))) throw new Error('aud must be the token endpoint');
  if (!/^\d{1,12}$/.test(String(claims.iat))) throw new Error('iat must be seconds since 1970');
  return claims;
}

// A registered key without a name is tried whatever the assertion calls it: the standard client names none.
async function verifySignature(assertion, keys) {
  const { alg, kid } = decodeProtectedHeader(assertion);
  for (const jwk of keys.filter((key) => !key.kid || !kid || key.kid === kid)) {
    try {
      const { payload } = await compactVerify(assertion, await importJWK(jwk, alg), { algorithms });
      return payload;
    } catch {
      // Perhaps the next one.
    }
  }
  throw new Error('the assertion is signed by none of the client\'s keys');
}

// Expiry, not-before and single use of `jti` are left to oidc-provider, which sees the same values.
function sign(claims, privateKey) {
  return new SignJWT({ ...claims, iat: Number(claims.iat) })
    .setProtectedHeader({ alg: 'ES256', kid: 'bridge' })
    .sign(privateKey);
}
