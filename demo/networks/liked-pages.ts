import type { LikedPage } from './people.ts';

/** Invented pages, as [name, category as Facebook words it]. The order is that of the demo people's likes. */
const pages: readonly (readonly [name: string, category: string])[] = [
  ['Rosewater & Rye', 'Health/Beauty'],
  ['Atelier Nacre', 'Cosmetics Store'],
  ['The Slow Skincare Club', 'Beauty, Cosmetic & Personal Care'],
  ['Maison Fougère', 'Perfume Store'],
  ['Velvet Lip Lab', 'Cosmetics Store'],
  ['Sunday Clay Masks', 'Health/Beauty'],
  ['Bergamot & Smoke', 'Perfume Store'],
  ['Clean Shelf Cosmetics', 'Beauty, Cosmetic & Personal Care'],
  ['Iris Pallida', 'Perfume Store'],
  ['Freckle Friendly', 'Beauty, Cosmetic & Personal Care'],
  ['The Brow Room', 'Beauty Salon'],
  ['Curl Theory', 'Hair Salon'],
  ['Salt Air Haircare', 'Health/Beauty'],
  ['Glass Skin Diaries', 'Blogger'],
  ['Cedar & Vetiver', 'Perfume Store'],
  ['Nail Foundry', 'Nail Salon'],
  ['Fragrance Notes Weekly', 'Magazine'],
  ['Unscented, Please', 'Health/Beauty'],
  ['Retinol Rookies', 'Community'],
  ['Spa am Fluss', 'Spa'],
  ['High Tarn Huts', 'Outdoor Recreation'],
  ['Granite & Gore', 'Outdoor Equipment Store'],
  ['Wild Swimming North', 'Community'],
  ['Trailhead Coffee', 'Coffee Shop'],
  ['Larchwood Trails', 'Hiking Trail'],
  ['Snowline Ski Touring', 'Sports & Recreation'],
  ['The Bivouac Journal', 'Magazine'],
  ['Kestrel Packs', 'Sporting Goods Store'],
  ['River Bend Kayaks', 'Sporting Goods Store'],
  ['Three Passes Route', 'Hiking Trail'],
  ['Summit Before Breakfast', 'Blogger'],
  ['Fjord & Fell', 'Outdoor Equipment Store'],
  ['Lantern Campgrounds', 'Campground'],
  ['Boulder Hall West', 'Rock Climbing Gym'],
  ['Merino Weather', 'Clothing (Brand)'],
  ['Night Sky Reserve', 'National Park'],
  ['Ultralight Anonymous', 'Community'],
  ['Gravel Sundays', 'Sports Team'],
  ['Old Forest Foundation', 'Environmental Conservation Organization'],
  ['Map & Compass School', 'Education'],
  ['Paper Lighthouse', 'Musician/Band'],
  ['The Cardamom Choir', 'Musician/Band'],
  ['Vinyl Harbour', 'Record Label'],
  ['Low Tide Orchestra', 'Musician/Band'],
  ['Blue Room Sessions', 'Concert Venue'],
  ['Juno Arcade', 'Musician/Band'],
  ['Festival of Small Stages', 'Music Festival'],
  ['Marimba Monday', 'Musician/Band'],
  ['Analog Weather', 'Musician/Band'],
  ['The Long Player Podcast', 'Podcast'],
  ['Strings at Noon', 'Performance & Event Venue'],
  ['Kite & Drum', 'Musician/Band'],
  ['Copper Kettle Jazz', 'Concert Venue'],
  ['Second Chorus', 'Musician/Band'],
  ['Moss and Static', 'Musician/Band'],
  ['Harbourside Books', 'Bookstore'],
  ['Quiet Kitchen', 'Food & Beverage'],
  ['Sourdough Society', 'Community'],
  ['City Bike Kitchen', 'Nonprofit Organization'],
  ['Tuesday Film Club', 'Community'],
  ['Corner Ceramics', 'Art Gallery'],
  ['The Plant Clinic', 'Garden Center'],
];

const firstLike = Date.UTC(2019, 2, 1, 18, 30);

/** How many pages there are to like. */
export const pageCount = pages.length;

/** `count` pages from the `from`th on, beginning again at the end; the newest like first, as Facebook lists them. */
export function likePages(from: number, count: number): LikedPage[] {
  return Array.from({ length: count }, (_, offset) => {
    const index = (from + offset) % pages.length;
    const [name, category] = pages[index] ?? ['', ''];
    const likedAt = new Date(firstLike + (count - offset) * 31 * 86_400_000 + index * 3_541_000).toISOString();
    return { id: String(104_200_000_000_000 + index * 7_919_011), name, category, likedAt };
  });
}
