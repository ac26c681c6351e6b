/** The frame: the state of the connection above, the rooms on the left, what the address names beside them. */
import { Outlet, useLocation, useParams } from 'react-router';
import { RoomsPane } from '../rooms/rooms-pane.tsx';
import { Account } from '../session/account.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import css from './shell.module.css';
import { useShortcutsKey } from './use-shortcuts-key.ts';

export function Shell() {
  const { roomId } = useParams();
  const { pathname } = useLocation();
  useShortcutsKey();
  return (
    <main className={css['shell']} data-pane={pathname === '/' ? 'rooms' : 'content'}>
      <h1 className="visually-hidden">Hubbub</h1>
      <div className={css['banner']}>
        <ConnectionBanner />
      </div>
      <nav className={css['rooms']} aria-label="Rooms">
        <RoomsPane currentId={roomId} />
        <Account />
      </nav>
      <div className={css['content']}>
        <Outlet />
      </div>
    </main>
  );
}
