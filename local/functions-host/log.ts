/** The host's console, in the form of `func start`: a time in brackets, then the text. Nothing else prints. */
import type { LogLevel } from './worker/protocol.ts';

const order: LogLevel[] = ['trace', 'debug', 'information', 'warning', 'error', 'critical', 'none'];
const colours: Partial<Record<LogLevel, string>> = { warning: '33', error: '31', critical: '31' };

export interface Log {
  /** A line of a category ("Host.Startup", "Function.hello.User"), shown if host.json's levels let it. */
  write(level: LogLevel, category: string, message: string): void;
  /** A line without time or level, for the banner and the list of functions. */
  plain(message: string): void;
}

/** Reads a level as host.json writes it; unknown ones count as Information. */
export function parseLevel(text: string): LogLevel {
  const level = order.find((known) => known === text.toLowerCase());
  return level ?? 'information';
}

/** The level of a category: that of the longest name in host.json that it begins with. */
export function levelOf(category: string, levels: Record<string, string>): LogLevel {
  let name = category;
  while (name) {
    const level = levels[name];
    if (level !== undefined) return parseLevel(level);
    name = name.slice(0, Math.max(0, name.lastIndexOf('.')));
  }
  return parseLevel(levels['default'] ?? levels['Default'] ?? 'information');
}

/** A log to the console; `levels` is host.json's `logging.logLevel`. */
export function consoleLog(levels: Record<string, string>): Log {
  const isColoured = process.stdout.isTTY;
  return {
    write(level, category, message) {
      if (order.indexOf(level) < order.indexOf(levelOf(category, levels))) return;
      const line = `[${new Date().toISOString()}] ${message}`;
      const colour = isColoured ? colours[level] : undefined;
      console.log(colour ? `\u001b[${colour}m${line}\u001b[0m` : line);
    },
    plain: (message) => console.log(message),
  };
}
