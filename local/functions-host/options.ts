/** The command line. */
import { parseArgs } from 'node:util';

export interface Options {
  scriptRoot: string;
  settings: string | undefined;
  host: string;
  /** Undefined: the settings file's `Host.LocalHttpPort`, else 7071. */
  port: number | undefined;
  enableAuth: boolean;
  watch: boolean;
  httpConcurrency: number;
  /** Folder for keys and timer schedules; undefined: they last until the host stops. */
  data: string | undefined;
  /** Undefined: what the settings file says. */
  cors: string[] | undefined;
  corsCredentials: boolean | undefined;
}

export const usage = `Usage: node main.ts --script-root <folder> [options]

  --script-root <folder>     the built app: host.json, package.json and what its "main" names
  --settings <file>          a local.settings.json
  --port <number>            default: Host.LocalHttpPort of the settings, else 7071
  --host <address>           default: 127.0.0.1
  --cors <origins>           comma-separated, or *; default: Host.CORS of the settings
  --cors-credentials         let browsers send cookies to the origins
  --enable-auth              ask for keys where a function's authLevel does
  --data <folder>            where keys and timer schedules are kept
  --http-concurrency <n>     HTTP invocations at a time, default 64
  --watch                    load the app again when its files change
`;

/** Reads the arguments. Throws a sentence where they make no sense. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      'script-root': { type: 'string' },
      settings: { type: 'string' },
      port: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      cors: { type: 'string' },
      'cors-credentials': { type: 'boolean' },
      'enable-auth': { type: 'boolean', default: false },
      data: { type: 'string' },
      'http-concurrency': { type: 'string', default: '64' },
      watch: { type: 'boolean', default: false },
    },
  });
  if (values['script-root'] === undefined) throw new Error('--script-root is missing.');
  return {
    scriptRoot: values['script-root'],
    settings: values.settings,
    host: values.host,
    port: values.port === undefined ? undefined : wholeNumber('--port', values.port, 1),
    enableAuth: values['enable-auth'],
    watch: values.watch,
    httpConcurrency: wholeNumber('--http-concurrency', values['http-concurrency'], 1),
    data: values.data,
    cors: values.cors?.split(',').map((origin) => origin.trim()),
    corsCredentials: values['cors-credentials'],
  };
}

function wholeNumber(option: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least)
    throw new Error(`${option} must be a whole number, not "${text}".`);
  return value;
}
