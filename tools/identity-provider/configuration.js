import { readFileSync, statSync } from 'node:fs';

/**
 * The configuration file. It is read again when it has changed, so that clients can be added while the provider runs.
 *
 *   port                  0 takes a free port
 *   audience              audience of the access tokens that machines get
 *   accessTokenSeconds    life of an access token, 600 when left out
 *   signingKeys           private JWKs that sign tokens; made at start when left out
 *   machines[]            clientId, jwks { keys }, organization { parent, child, supplier }, multiTenant
 *                         (a multi-tenant client names the parent itself, in its assertion's assertion_details)
 *   portals[]             clientId, redirectUris, postLogoutRedirectUris, and jwks or secret (neither: public client)
 *   users[]               id, name, description, claims (what the ID token says beside sub and name)
 */
export class ConfigurationFile {
  #path;
  #modified;
  #content;

  constructor(path) {
    this.#path = path;
  }

  read() {
    const { mtimeMs } = statSync(this.#path);
    if (mtimeMs !== this.#modified) {
      this.#content = JSON.parse(readFileSync(this.#path, 'utf8'));
      this.#modified = mtimeMs;
    }
    return this.#content;
  }

  machine(clientId) {
    return this.read().machines?.find((machine) => machine.clientId === clientId);
  }

  portal(clientId) {
    return this.read().portals?.find((portal) => portal.clientId === clientId);
  }

  user(id) {
    return this.read().users?.find((user) => user.id === id);
  }
}
