/** What both kinds of Service Bus trigger are made of, and how a binding is read. */
import type { Faults } from '../../fault-injection/faults.ts';
import type { App } from '../app.ts';
import type { FunctionDefinition } from '../catalogue.ts';
import type { ServiceBusOptions } from '../host-json.ts';
import type { Invocations } from '../invocations.ts';
import type { Log } from '../log.ts';
import type { Connections } from './connections.ts';
import { entityOf, type Entity } from './entity.ts';

export interface ServiceBusTriggerOptions {
  app: App;
  invocations: Invocations;
  log: Log;
  faults: Faults;
  definition: FunctionDefinition;
  connections: Connections;
  connection: string | undefined;
  entity: Entity;
  serviceBus: ServiceBusOptions;
}

/** Reads the binding. Throws a sentence about what this host cannot serve. */
export function serviceBusTriggerOptions(
  definition: FunctionDefinition,
  rest: Pick<
    ServiceBusTriggerOptions,
    'app' | 'invocations' | 'log' | 'faults' | 'connections' | 'serviceBus'
  >,
): ServiceBusTriggerOptions {
  const { connection } = definition.trigger;
  const name = typeof connection === 'string' ? connection : undefined;
  rest.connections.check(name);
  return { ...rest, definition, connection: name, entity: entityOf(definition.trigger) };
}

export const hasSessions = ({ trigger }: FunctionDefinition): boolean =>
  trigger['isSessionsEnabled'] === true;

export const isBatch = ({ trigger }: FunctionDefinition): boolean =>
  typeof trigger['cardinality'] === 'string' && trigger['cardinality'].toLowerCase() === 'many';

export const isBinary = ({ trigger }: FunctionDefinition): boolean =>
  typeof trigger['dataType'] === 'string' && trigger['dataType'].toLowerCase() === 'binary';

/** The binding's word goes before host.json's. */
export function isAutoComplete({ trigger }: FunctionDefinition, serviceBus: ServiceBusOptions): boolean {
  const own = trigger['autoCompleteMessages'];
  return typeof own === 'boolean' ? own : serviceBus.autoCompleteMessages;
}
