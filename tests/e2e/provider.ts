/** A real provider of OpenID Connect (`oidc-provider`) for a page in a browser, with its own pages for signing in. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export const clientId = 'hubbub-page';

/** Its address is known before the page's is, and the page's address is part of what it is told. */
export class TestProvider {
  readonly #server: Server = createServer();

  async listen(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    return this.issuer;
  }

  get issuer(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  /** @param page its origin: where the provider sends the browser back to, and who may ask it for tokens */
  serve(page: string): void {
    const provider = new Provider(this.issuer, {
      clients: [
        {
          client_id: clientId,
          token_endpoint_auth_method: 'none',
          redirect_uris: [`${page}/auth/callback`],
        },
      ],
      claims: { openid: ['sub'], profile: ['name'] },
      conformIdTokenClaims: false,
      clientBasedCORS: (_context, origin) => origin === page,
      cookies: { keys: ['a-key-for-tests-only'] },
      findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub, name: sub }) }),
    });
    const answer = provider.callback();
    this.#server.on('request', (request, response) => void answer(request, response));
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
