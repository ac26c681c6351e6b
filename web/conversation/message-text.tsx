/** The words of a message: links lead out safely, code is monospaced, everything else is text as it was written. */
import { memo } from 'react';
import css from './message-text.module.css';
import { isOnlyEmoji, shorten, tokenize, type TextToken } from './text-tokens.ts';

export const MessageText = memo(function MessageText({ content }: { content: string }) {
  return (
    <div className={css['text']} data-only-emoji={isOnlyEmoji(content)}>
      {tokenize(content).map((token, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- the pieces of one text never change places
        <Piece key={index} token={token} />
      ))}
    </div>
  );
});

function Piece({ token }: { token: TextToken }) {
  switch (token.kind) {
    case 'link':
      return (
        <a href={token.href} target="_blank" rel="noopener noreferrer nofollow" title={token.href}>
          {shorten(token.raw)}
        </a>
      );
    case 'code':
      return <code>{token.code}</code>;
    case 'block':
      return (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls sideways, also by key
        <pre tabIndex={0}>
          <code>{token.code}</code>
        </pre>
      );
    case 'text':
      return token.raw;
  }
}
