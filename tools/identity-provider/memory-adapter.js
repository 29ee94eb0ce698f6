import { clientMetadata } from './clients.js';

/** Where oidc-provider keeps its sessions and codes: in memory, for as long as the process lives. */
export function memoryAdapter(file, bridgeKey) {
  const store = new Map();
  const byUid = new Map();
  const grants = new Map();

  return class MemoryAdapter {
    #model;

    constructor(model) {
      this.#model = model;
    }

    #key(id) {
      return `${this.#model}:${id}`;
    }

    async upsert(id, payload, expiresIn) {
      const key = this.#key(id);
      if (this.#model === 'Session') byUid.set(payload.uid, id);
      if (payload.grantId) grants.set(payload.grantId, [...(grants.get(payload.grantId) ?? []), key]);
      const ends = expiresIn ? Date.now() + expiresIn * 1000 : Infinity;
      store.set(key, { payload, ends });
    }

    async find(id) {
      if (this.#model === 'Client') return clientMetadata(file, id, bridgeKey);
      const entry = store.get(this.#key(id));
      if (entry && entry.ends < Date.now()) store.delete(this.#key(id));
      return entry && entry.ends >= Date.now() ? entry.payload : undefined;
    }

    async findByUid(uid) {
      return this.find(byUid.get(uid));
    }

    async findByUserCode() {
      return undefined;
    }

    async consume(id) {
      const entry = store.get(this.#key(id));
      if (entry) entry.payload.consumed = Math.floor(Date.now() / 1000);
    }

    async destroy(id) {
      store.delete(this.#key(id));
    }

    async revokeByGrantId(grantId) {
      for (const key of grants.get(grantId) ?? []) store.delete(key);
      grants.delete(grantId);
    }
  };
}
