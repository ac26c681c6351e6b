/** One whole stack, page included, for all tests in a browser, and one build of the screens. */
import type { PartName } from '../../local/stack/parts.ts';
import { startStack } from '../support/stack.ts';
import { buildHarness } from '../web/screens/harness.ts';

export default async function setup(): Promise<() => Promise<void>> {
  const only: PartName[] = ['storage', 'serviceBus', 'webPubSub', 'functions', 'page', 'status'];
  const [stack] = await Promise.all([startStack({ only }), buildHarness()]);
  process.env['HUBBUB_PAGE'] = stack.page;
  process.env['HUBBUB_API'] = stack.api;
  process.env['HUBBUB_STATUS'] = `http://localhost:${stack.stack.ports.status}`;
  return () => stack.stop();
}
