/**
 * What App Service offers an app with a managed identity: an address in `IDENTITY_ENDPOINT` that gives tokens to who
 * knows the secret in `IDENTITY_HEADER`. Tokens have the form of Microsoft Entra's and no signature.
 * https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UnsecuredJWT } from 'jose';

const secret = 'identity-header-of-the-test';
const clientId = '5d7b0d1e-6c1b-4a58-9f0a-2f4c4c2e7a11';

export interface IdentityEndpoint {
  /** What the platform puts into the app's environment. */
  environment: Record<string, string>;
  /** Resources that tokens were asked for, in order. */
  asked: string[];
  /** How many more tokens for each resource are for a service that nobody has: as if roles had not spread. */
  useless: Map<string, number>;
  close(): Promise<void>;
}

export async function startIdentityEndpoint(): Promise<IdentityEndpoint> {
  const asked: string[] = [];
  const useless = new Map<string, number>();
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? '', 'http://localhost').searchParams;
    const resource = query.get('resource') ?? '';
    const known =
      request.headers['x-identity-header'] === secret &&
      query.get('client_id') === clientId &&
      query.get('api-version') === '2019-08-01';
    if (!known) {
      response.writeHead(400).end('{"statusCode":400,"message":"No such identity"}');
      return;
    }
    asked.push(resource);
    const left = useless.get(resource) ?? 0;
    useless.set(resource, left - 1);
    // Nobody keeps a token that ends at once, so the next try brings another.
    const [audience, seconds] = left > 0 ? ['https://nobody.example', 1] : [resource, 3_600];
    const expires = Math.floor(Date.now() / 1_000) + seconds;
    const token = new UnsecuredJWT({ oid: clientId })
      .setAudience(audience)
      .setIssuer('https://sts.windows.net/00000000-0000-0000-0000-000000000000/')
      .setIssuedAt()
      .setNotBefore('-1m')
      .setExpirationTime(Math.floor(Date.now() / 1_000) + 3_600)
      .encode();
    response.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        access_token: token,
        expires_on: String(expires),
        resource,
        token_type: 'Bearer',
        client_id: clientId,
      }),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    environment: {
      IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/msi/token`,
      IDENTITY_HEADER: secret,
      AZURE_CLIENT_ID: clientId,
    },
    asked,
    useless,
    close: () => new Promise((done) => server.close(() => done())),
  };
}
