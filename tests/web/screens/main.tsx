/** The entry of the harness: the real screens on a fake client, in the state that `sessionStorage` names. */
import { createRoot } from 'react-dom/client';
import '../../../web/styles/base.css';
import { App } from '../../../web/app/app.tsx';
import type { ChatClient } from '../../../web/connection/model.ts';
import { clientIn } from './states.ts';

declare global {
  interface Window {
    /** The fake client, so that a test can change the state under the screen. */
    fake?: ChatClient;
  }
}

const client = clientIn(sessionStorage.getItem('screen') ?? 'busy');
window.fake = client;
const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<App client={client} />);
