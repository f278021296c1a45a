import { isMadePicture } from '../../../contract/made-picture.ts';
import { Problem } from '../../base/errors.ts';
import { Picture } from '../../base/pictures/pictures.ts';
import { findUser } from './find-user.ts';
import { hideFromCustomer } from './hide.ts';
import { idParams } from './id-params.ts';
import { noBody, nothing, type Route, route } from './route.ts';

/** What a customer looks like, without that the site of the picture learns who looks. */
export const userPictureRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/users/{id}/picture',
      summary: "Show a user's (customer's) picture, fetched and made anew by this server: at most 512 pixels a side",
      may: ['read:users'],
      type: Picture.type,
      params: idParams,
      query: nothing,
      body: noBody,
      status: 200,
    },
    async (api, { params, ...from }) => {
      const customer = await findUser(api, from, params.id);
      const { picture: address } = hideFromCustomer(customer, from.caller.access).attributes;
      // Of a default nobody said that Gravatar may be asked for it.
      const isSaid = typeof address === 'string' && !isMadePicture(address);
      const picture = isSaid ? await api.base.pictures.read(address, 'portrait') : undefined;
      // The same for none, a hidden one and one that could not be had.
      if (!picture) throw new Problem('no_picture');
      return picture;
    },
  ),
];
