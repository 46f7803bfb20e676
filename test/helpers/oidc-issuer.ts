import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { JWK, JWTHeaderParameters } from 'jose';
import { onTestFinished } from 'vitest';

type PrivateKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: PrivateKey;
  readonly jwk: JWK;
}

export const AUDIENCE = 'registrar';

/** An OpenID Connect issuer on this machine, as far as a server that takes its tokens sees it. */
export class OidcIssuer {
  /** How it answers: as it should, not at all, or with something else for its keys. */
  mode: 'well' | 'fails' | 'hangs' | 'huge' | 'wrong issuer' | 'redirects' | 'no keys' = 'well';
  /** How often its keys were asked for. */
  asked = 0;
  readonly #keys: SigningKey[] = [];
  readonly #server: Server = createServer((...exchange) => this.#answer(...exchange));

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async start(): Promise<this> {
    await this.addKey('first');
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      this.#server.closeAllConnections();
      this.#server.close();
    });
    return this;
  }

  /** Signs with this key from now on, beside those there are. */
  async addKey(kid: string, alg = 'ES256'): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' };
    this.#keys.push({ kid, alg, privateKey, jwk });
  }

  /** Publishes no other key than the newest from now on. */
  forgetOldKeys(): void {
    this.#keys.splice(0, this.#keys.length - 1);
  }

  /** A token for an hour; claims and the head may be replaced. */
  async token(
    claims: Readonly<Record<string, unknown>> = {},
    { head = {}, now = Date.now() }: { head?: Partial<JWTHeaderParameters>; now?: number } = {},
  ): Promise<string> {
    const key = this.#keys.at(-1) as SigningKey;
    const seconds = Math.floor(now / 1000);
    const payload = {
      ...{ iss: this.url, aud: AUDIENCE, sub: 'ada', registrar_role: 'viewer' },
      ...{ iat: seconds, exp: seconds + 3600 },
      ...claims,
    };
    return new SignJWT(payload)
      .setProtectedHeader({ alg: key.alg, kid: key.kid, ...head })
      .sign(key.privateKey);
  }

  #answer({ url }: IncomingMessage, response: ServerResponse): void {
    if (this.mode === 'hangs') return;
    if (this.mode === 'redirects') {
      response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
      return;
    }
    if (url === '/keys') this.asked += 1;
    const body = url === '/keys' ? this.#keySet() : this.#document();
    response.writeHead(this.mode === 'fails' ? 500 : 200).end(body);
  }

  #document(): string {
    const issuer = this.mode === 'wrong issuer' ? 'https://elsewhere.example' : this.url;
    return JSON.stringify({ issuer, jwks_uri: `${this.url}/keys` });
  }

  #keySet(): string {
    if (this.mode === 'huge') return JSON.stringify({ keys: [], padding: 'x'.repeat(300_000) });
    if (this.mode === 'no keys') return '[]';
    return JSON.stringify({ keys: this.#keys.map(({ jwk }) => jwk) });
  }
}
