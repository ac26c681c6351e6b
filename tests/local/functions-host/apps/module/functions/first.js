// An app of ECMAScript modules, one file for each function, found by the pattern in package.json.
import { app } from '@azure/functions';

app.http('first', { handler: () => ({ body: 'first' }) });
