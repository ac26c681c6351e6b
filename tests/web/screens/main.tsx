/** The entry of the harness: the real screens on a fake client, in the state that `sessionStorage` names. */
import { createRoot, type Root } from 'react-dom/client';
import '../../../web/styles/base.css';
import { App } from '../../../web/app/app.tsx';
import type { ChatClient } from '../../../web/connection/model.ts';
import { closeDialog } from '../../../web/dialogs.ts';
import { clientIn, states } from './states.ts';

declare global {
  interface Window {
    /** The fake client, so that a test can change the state under the screen. */
    fake?: ChatClient;
    /** Shows another state without loading the page again. */
    show?: (name: string) => void;
  }
}

function render(root: Root, name: string): void {
  const client = clientIn(name);
  window.fake = client;
  closeDialog();
  root.render(<App key={performance.now()} client={client} />);
}

const element = document.getElementById('root');
if (element !== null) {
  const root = createRoot(element);
  window.show = (name) => {
    history.replaceState(null, '', states[name]?.path);
    render(root, name);
  };
  render(root, sessionStorage.getItem('screen') ?? 'busy');
}
