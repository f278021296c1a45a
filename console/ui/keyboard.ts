import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { menu } from './menu.ts';

const patienceMs = 1200;

/**
 * The keys of the console: `/` to the search of the page, or of customers where it has none; two letters one after the
 * other to a page of the menu (`g c`). Behind a dialog they do nothing.
 */
export function useKeyboard(): void {
  const navigate = useNavigate();
  useEffect(() => {
    let before: { key: string; at: number } | undefined;
    function press(event: KeyboardEvent): void {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector('#root[inert]')) return;
      if (event.key === '/') {
        event.preventDefault();
        void toSearch(() => navigate({ to: '/customers' }));
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

async function toSearch(goThere: () => Promise<void>): Promise<void> {
  if (!searchField()) await goThere();
  const search = searchField();
  search?.focus();
  search?.select();
}

function searchField(): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>('[data-search]');
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName))
  );
}
