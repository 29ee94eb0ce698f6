/**
 * What oidc-provider is to know of a client. Clients with keys of their own are checked by client-assertion.js; the
 * provider itself knows them by the bridge's key.
 */
export function clientMetadata(file, clientId, bridgeKey) {
  const machine = file.machine(clientId);
  if (machine) return machineMetadata(machine, bridgeKey);

  const portal = file.portal(clientId);
  return portal ? portalMetadata(portal, bridgeKey) : undefined;
}

function machineMetadata(machine, bridgeKey) {
  return {
    client_id: machine.clientId,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    dpop_bound_access_tokens: true,
    ...keyAuthentication(bridgeKey),
  };
}

function portalMetadata(portal, bridgeKey) {
  return {
    client_id: portal.clientId,
    grant_types: ['authorization_code'],
    response_types: ['code'],
    redirect_uris: portal.redirectUris,
    post_logout_redirect_uris: portal.postLogoutRedirectUris ?? [],
    ...portalAuthentication(portal, bridgeKey),
  };
}

function portalAuthentication(portal, bridgeKey) {
  if (portal.jwks) return keyAuthentication(bridgeKey);
  if (portal.secret) return { token_endpoint_auth_method: 'client_secret_basic', client_secret: portal.secret };
  return { token_endpoint_auth_method: 'none' };
}

function keyAuthentication(bridgeKey) {
  return { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [bridgeKey] } };
}
