/** One whole stack, page included, for all tests in a browser, and an OpenID provider that it trusts. */
import { startStack } from '../support/stack.ts';
import { clientId, TestProvider } from './provider.ts';

export default async function setup(): Promise<() => Promise<void>> {
  const provider = new TestProvider();
  const issuer = await provider.listen();
  const stack = await startStack({
    only: ['storage', 'serviceBus', 'webPubSub', 'functions', 'page', 'status'],
    changes: {
      settings: {
        OIDC_PROVIDERS: JSON.stringify([{ id: 'test', name: 'Contoso', issuer, client_id: clientId }]),
      },
    },
  });
  provider.serve(stack.page);
  process.env['HUBBUB_PAGE'] = stack.page;
  process.env['HUBBUB_API'] = stack.api;
  process.env['HUBBUB_STATUS'] = `http://localhost:${stack.stack.ports.status}`;
  return async () => {
    provider.stop();
    await stack.stop();
  };
}
