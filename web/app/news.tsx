/** Says what happened to oneself, once, wherever one is looking: let in, invited, put out, made a moderator, muted. */
import { useEffect } from 'react';
import { useLocation } from 'react-router';
import { useChat } from '../chat.ts';
import type { News as Told } from '../connection/model.ts';
import { momentLabel } from '../conversation/times.ts';
import { showToast } from '../ui/toast.tsx';

export function News() {
  const news = useChat((state) => state.news);
  const { pathname } = useLocation();
  useEffect(() => {
    if (news === undefined) return;
    // Whoever has the room open sees it there.
    if (news.kind === 'removed' && pathname === `/rooms/${news.room_id}`) return;
    showToast(sentenceOf(news), news.kind === 'removed' || news.kind === 'refused' ? 'bad' : 'good');
    // oxlint-disable-next-line react/exhaustive-deps -- said when it happens, not again when one goes elsewhere
  }, [news]);
  return null;
}

function sentenceOf(news: Told): string {
  const name = news.room_name;
  switch (news.kind) {
    case 'admitted':
      return `You were let into ${name}`;
    case 'invited':
      return `You are invited to ${name}`;
    case 'refused':
      return `You were not let into ${name}`;
    case 'removed':
      return news.banned ? `You were banned from ${name}` : `You were removed from ${name}`;
    case 'muted':
      return news.until === undefined
        ? `You may write in ${name} again`
        : `You are muted in ${name}. You may write again ${momentLabel(news.until)}`;
    case 'standing':
      if (news.role === 'owner') return `${name} is yours now`;
      return news.role === 'moderator'
        ? `You are a moderator of ${name} now`
        : `You are not a moderator of ${name} any more`;
  }
}
