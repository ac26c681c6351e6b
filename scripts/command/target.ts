/**
 * Which services a command of an operator works on: those that its options name, else those of the app's settings in
 * the environment, else those of the local stack.
 */
import { readFileSync } from 'node:fs';
import { connection, type Connection } from '../../functions/platform/settings.ts';
import { prepareFiles } from '../../local/stack/files.ts';
import { portsFrom } from '../../local/stack/ports.ts';

export interface Target {
  connection: Connection;
  /** For people: the address, without a key. */
  name: string;
}

/** What a command was told on its line: one of the two, or nothing. */
export interface Given {
  connectionString?: string | undefined;
  /** The address of a service that is reached by one's own identity. */
  address?: string | undefined;
}

/** Throws a sentence where the settings that are there cannot be used. */
export function targetOf(service: 'serviceBus' | 'storage', given: Given): Target {
  const { connectionString, address } = given;
  if (connectionString !== undefined && address !== undefined) {
    throw new Error('Say either --connection-string or an address, not both.');
  }
  if (connectionString !== undefined) return named({ connectionString });
  if (address !== undefined) return named({ address: address.replace(/\/$/, '') });
  useLocalSettings();
  return named(connection(service));
}

/** The settings of the local stack, below those that the environment has. */
function useLocalSettings(): void {
  const { settings } = prepareFiles(process.env['HUBBUB_DATA'] ?? '.hubbub', portsFrom(process.env));
  const { Values } = JSON.parse(readFileSync(settings, 'utf8')) as { Values: Record<string, string> };
  for (const [name, value] of Object.entries(Values)) {
    const base = name.split('__')[0]!;
    // An address in the environment goes before a connection string of the file.
    const isSet = Object.keys(process.env).some((set) => set === base || set.startsWith(`${base}__`));
    if (!isSet) process.env[name] = value;
  }
}

function named(found: Connection): Target {
  if ('address' in found) return { connection: found, name: found.address };
  const { connectionString } = found;
  const part = (name: string): string | undefined =>
    new RegExp(`(?:^|;)\\s*${name}=([^;]+)`, 'i').exec(connectionString)?.[1];
  const endpoint = part('TableEndpoint') ?? part('Endpoint') ?? part('AccountName');
  return { connection: found, name: endpoint ?? 'the local storage emulator' };
}
