/** The entry of the page: puts the data layer and the screens together. */
import { createRoot } from 'react-dom/client';
import './styles/base.css';
import { Boot } from './app/boot.tsx';
import { createChatClient } from './connection/chat-client.ts';
import type { ChatClient } from './connection/model.ts';

declare global {
  interface Window {
    /** For tests that fill the data layer; only where `hubbub:e2e` is set in this browser. */
    hubbub?: ChatClient;
  }
}

function connect(apiBase: string): ChatClient {
  const client = createChatClient({ apiBase });
  if (localStorage.getItem('hubbub:e2e') === '1') window.hubbub = client;
  return client;
}

const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<Boot connect={connect} />);
