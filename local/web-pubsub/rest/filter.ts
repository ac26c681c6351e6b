/** Which connections an OData filter finds. None is understood yet, so each is refused. */
import type { Connection } from '../connection/connection.ts';
import { invalidFilter } from '../errors.ts';

export function parseFilter(text: string): (connection: Connection) => boolean {
  throw invalidFilter(`'${text}' is not understood.`);
}
