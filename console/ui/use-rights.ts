import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useSession } from './session.ts';

/** When the rights of who looks have changed, what is shown of customers is read anew with those that they have now. */
export function useRights(): void {
  const client = useQueryClient();
  const { scopes, attributes, brands } = useSession();
  const rights = JSON.stringify([scopes, attributes, brands]);
  const before = useRef(rights);
  useEffect(() => {
    if (before.current === rights) return;
    before.current = rights;
    for (const shown of ['customer', 'customers']) void client.invalidateQueries({ queryKey: [shown] });
  }, [client, rights]);
}
