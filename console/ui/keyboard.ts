import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { menu } from './menu.ts';

const patienceMs = 1200;

/** The keys of the console: `/` to the search, two letters one after the other to a page of the menu (`g c`). */
export function useKeyboard(): void {
  const navigate = useNavigate();
  useEffect(() => {
    let before: { key: string; at: number } | undefined;
    function press(event: KeyboardEvent): void {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const search = document.querySelector<HTMLInputElement>('[data-search]');
      if (event.key === '/' && search) {
        event.preventDefault();
        search.focus();
        search.select();
        return;
      }
      const both = before && event.timeStamp - before.at < patienceMs ? `${before.key} ${event.key}` : '';
      const line = menu.flatMap(({ lines }) => lines).find(({ keys }) => keys === both);
      before = line ? undefined : { key: event.key, at: event.timeStamp };
      if (line) void navigate({ to: line.to });
    }
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [navigate]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName))
  );
}
