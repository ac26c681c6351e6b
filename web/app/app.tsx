/** The page around a client: signed out it is the sign-in, signed in the rooms and the room that the address names. */
import { lazy } from 'react';
import { BrowserRouter, Navigate, Route, Routes, useLocation } from 'react-router';
import { ChatContext, useChat } from '../chat.ts';
import type { ChatClient } from '../connection/model.ts';
import { RoomScreen } from '../conversation/room-screen.tsx';
import { Late } from '../ui/late.tsx';
import { Toasts } from '../ui/toast.tsx';
import { TooltipLayer } from '../ui/tooltip.tsx';
import { Dialogs } from './dialogs.tsx';
import { News } from './news.tsx';
import { NotFound } from './not-found.tsx';
import { Shell } from './shell.tsx';
import { Welcome } from './welcome.tsx';

const SignIn = lazy(async () => ({ default: (await import('../session/sign-in.tsx')).SignIn }));
const OidcCallback = lazy(async () => ({
  default: (await import('../session/oidc-callback.tsx')).OidcCallback,
}));

const InvitePage = lazy(async () => ({
  default: (await import('../rooms/invite-page.tsx')).InvitePage,
}));

export function App({ client }: { client: ChatClient }) {
  return (
    <ChatContext value={client}>
      <BrowserRouter>
        <Screens />
      </BrowserRouter>
      <Toasts />
      <TooltipLayer />
    </ChatContext>
  );
}

function Screens() {
  const userId = useChat((state) => state.session?.user.user_id);
  const { pathname } = useLocation();
  if (pathname === '/auth/callback') {
    return (
      <Late>
        <OidcCallback />
      </Late>
    );
  }
  // The address stays as it is: a link that was opened signed out leads to its room afterwards.
  if (userId === undefined) {
    return (
      <Late>
        <SignIn />
      </Late>
    );
  }
  return (
    <>
      <Routes>
        <Route element={<Shell key={userId} />}>
          <Route index element={<Welcome />} />
          <Route path="rooms" element={<Navigate to="/" replace />} />
          <Route path="rooms/:roomId" element={<RoomScreen />} />
          <Route
            path="invite/:token"
            element={
              <Late>
                <InvitePage />
              </Late>
            }
          />
          <Route path="*" element={<NotFound />} />
        </Route>
      </Routes>
      <Dialogs />
      <News />
    </>
  );
}
