import { TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useForm } from '../../ui/form.ts';
import { MakeForm } from '../../ui/make-form.tsx';
import { tell } from '../../ui/tell.ts';
import { invite } from './api.ts';
import { BrandPick, RolePick, StorePick } from './picks.tsx';

type Values = { email: string; name: string; roles: string[]; brands: string[] | null; stores: string[] };

/** Mails somebody a link by which they join the staff. */
export function Invite({ done }: { done: () => void }) {
  const queryClient = useQueryClient();
  const form = useForm<Values>({ email: '', name: '', roles: [], brands: null, stores: [] });
  const { values } = form;
  async function send(): Promise<void> {
    const { name, ...draft } = values;
    const isSent = await form.save(() => invite({ ...draft, ...(name.trim() && { name: name.trim() }) }));
    if (!isSent) return;
    await queryClient.invalidateQueries({ queryKey: ['staff-invitations'] });
    tell({ message: `The invitation to ${values.email} is on its way.` });
    done();
  }
  return (
    <MakeForm form={form} make={send} label="Mail the invitation">
      <TextInput
        label="E-mail address"
        type="email"
        required
        data-autofocus
        maxLength={320}
        value={values.email}
        error={form.error('email')}
        onChange={(event) => form.set('email', event.currentTarget.value)}
      />
      <TextInput
        label="Name"
        description="As it stands beside what they do. They can change it."
        maxLength={200}
        value={values.name}
        error={form.error('name')}
        onChange={(event) => form.set('name', event.currentTarget.value)}
      />
      <RolePick value={values.roles} set={(ids) => form.set('roles', ids)} error={form.error('roles')} />
      <BrandPick value={values.brands} set={(ids) => form.set('brands', ids)} error={form.error('brands')} />
      <StorePick value={values.stores} set={(ids) => form.set('stores', ids)} error={form.error('stores')} />
    </MakeForm>
  );
}
