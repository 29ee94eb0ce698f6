import { randomBytes } from 'node:crypto';

import { decodeJwt, exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';

import { logoutPage } from './login.js';
import { memoryAdapter } from './memory-adapter.js';

const organizationClaim = (name) => `helseid://claims/client/claims/orgnr_${name}`;
const signingAlgorithms = ['RS256', 'PS256', 'ES256'];

/** oidc-provider, set up to behave as HelseID does towards machines and as an ordinary OpenID provider to people. */
export async function createProvider({ file, issuer, bridgeKey, secret }) {
  const configuration = file.read();
  const lifetime = configuration.accessTokenSeconds ?? 600;

  const provider = new Provider(issuer, {
    adapter: memoryAdapter(file, bridgeKey),
    jwks: { keys: configuration.signingKeys ?? [await newSigningKey()] },
    cookies: { keys: [secret.toString('base64url')] },
    scopes: ['openid'],
    claims: { openid: ['sub', ...userClaims(configuration)] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    clientAuthMethods: ['private_key_jwt', 'client_secret_basic', 'none'],
    enabledJWA: {
      dPoPSigningAlgValues: signingAlgorithms,
      clientAuthSigningAlgValues: signingAlgorithms,
    },
    ttl: {
      ClientCredentials: lifetime,
      AccessToken: lifetime,
      IdToken: 3600,
      Interaction: 3600,
      Session: 8 * 3600,
      Grant: 8 * 3600,
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true },
      resourceIndicators: machineTokens(file, lifetime),
      rpInitiatedLogout: { enabled: true, logoutSource: logoutPage },
    },
    extraTokenClaims: (context, token) => machineClaims(file, context, token),
    findAccount: (_context, id) => account(file, id),
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    loadExistingGrant: grantWhatIsAsked,
  });
  provider.on('server_error', (_context, error) => process.stderr.write(`${error.stack}\n`));
  return provider;
}

async function newSigningKey() {
  const { privateKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  return { ...await exportJWK(privateKey), alg: 'RS256', use: 'sig', kid: randomBytes(8).toString('hex') };
}

function userClaims(configuration) {
  const names = (configuration.users ?? []).flatMap((user) => Object.keys(user.claims ?? {}));
  return [...new Set(['name', 'role', 'unit', 'part', ...names])];
}

// Machines ask for no scope and no resource; they get a JWT for the one API there is.
function machineTokens(file, lifetime) {
  return {
    enabled: true,
    defaultResource: (_context, client) => (file.machine(client.clientId) ? file.read().audience : undefined),
    useGrantedResource: () => true,
    getResourceServerInfo: (_context, audience) => ({
      audience, scope: '', accessTokenFormat: 'jwt', accessTokenTTL: lifetime, jwt: { sign: { alg: 'RS256' } },
    }),
  };
}

function machineClaims(file, context, token) {
  const machine = token.kind === 'ClientCredentials' ? file.machine(token.clientId) : undefined;
  if (!machine) return undefined;

  const organization = { ...machine.organization };
  if (machine.multiTenant) Object.assign(organization, tenant(context.oidc.params.client_assertion));
  const claims = ['parent', 'child', 'supplier']
    .filter((name) => organization[name])
    .map((name) => [organizationClaim(name), organization[name]]);
  return { ...Object.fromEntries(claims), ...machine.claims };
}

// HelseID's way for a vendor to say which unit it sends for: NO:ORGNR:parent:child.
function tenant(assertion) {
  const details = [decodeJwt(assertion).assertion_details ?? []].flat();
  const identifier = details
    .map((detail) => detail.practitioner_role?.organization?.identifier?.value)
    .find((value) => typeof value === 'string' && value.startsWith('NO:ORGNR:'));
  if (!identifier) return {};
  const [, , parent, child] = identifier.split(':');
  return child ? { parent, child } : { parent };
}

function account(file, id) {
  const user = file.user(id);
  return user && { accountId: id, claims: () => ({ sub: id, name: user.name, ...user.claims }) };
}

// Test users are never asked for consent.
async function grantWhatIsAsked(context) {
  const { client, session, provider } = context.oidc;
  const existing = session.grantIdFor(client.clientId);
  if (existing) return provider.Grant.find(existing);
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid');
  await grant.save();
  return grant;
}
