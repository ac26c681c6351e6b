/** One whole stack, page included, for all tests in a browser, an OpenID provider that it trusts, and one build of the screens. */
import type { PartName } from '../../local/stack/parts.ts';
import { startStack } from '../support/stack.ts';
import { buildHarness } from '../web/screens/harness.ts';
import { clientId, TestProvider } from './provider.ts';

export default async function setup(): Promise<() => Promise<void>> {
  const provider = new TestProvider();
  const issuer = await provider.listen();
  const only: PartName[] = ['storage', 'serviceBus', 'webPubSub', 'functions', 'page', 'status'];
  const settings = {
    OIDC_PROVIDERS: JSON.stringify([{ id: 'test', name: 'Contoso', issuer, client_id: clientId }]),
  };
  const [stack] = await Promise.all([startStack({ only, changes: { settings } }), buildHarness()]);
  provider.serve(stack.page);
  process.env['HUBBUB_PAGE'] = stack.page;
  process.env['HUBBUB_API'] = stack.api;
  process.env['HUBBUB_STATUS'] = `http://localhost:${stack.stack.ports.status}`;
  return async () => {
    provider.stop();
    await stack.stop();
  };
}
