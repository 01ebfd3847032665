// SPDX-License-Identifier: Apache-2.0
// Opens pages in headless Chromium and prints what it saw as JSON. Arguments: the folder of node_modules, the browser, a file with
// the list of pages, each {file, shots}: the page, and where its pictures go.
const { readFileSync } = require('fs');
const [modules, executablePath, list] = process.argv.slice(2);
const { chromium } = require(`${modules}/playwright-core`);

// Runs in the page. Texts whose contrast with what is below them is too low, and other faults that only a browser sees.
function inspect() {
  const channels = text => (text.match(/[\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map(c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const below = element => {
    for (let at = element; at; at = at.parentElement) {
      const color = channels(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || element.closest('svg, caption') || !element.getClientRects().length) continue;
    const [a, b] = [light(channels(getComputedStyle(element).color)), light(below(element))].sort((p, q) => q - p);
    if ((a + 0.05) / (b + 0.05) < 4.5) faint.push(`${node.data.trim().slice(0, 40)}: ${((a + 0.05) / (b + 0.05)).toFixed(2)}`);
  }
  const count = selector => document.querySelectorAll(selector).length;
  return {
    faint,
    language: document.documentElement.lang,
    title: document.title,
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    background: getComputedStyle(document.body).backgroundColor,
    places: count('.place'),
    drawn: [...document.querySelectorAll('svg')].filter(svg => svg.getBoundingClientRect().width > 0).length,
    pictures: count('svg'),
    unnamed: count('svg:not([aria-hidden]):not([role=img][aria-labelledby])') + count('table:not(:has(caption)), th:not([scope]), section:not([aria-labelledby])'),
    nameless: [...document.querySelectorAll('[aria-labelledby]')].filter(e => !e.getAttribute('aria-labelledby').split(' ').every(id => document.getElementById(id)?.textContent)).length,
    scripts: count('script, iframe, object, embed, form, img'),
    executed: 'pwned' in window,
    text: document.body.innerText,
  };
}

(async () => {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
  const seen = [];
  for (const { file, shots } of JSON.parse(readFileSync(list))) {
    for (const [scheme, width] of [['light', 1280], ['dark', 1280], ['light', 390], ['dark', 390]]) {
      const context = await browser.newContext({ colorScheme: scheme, viewport: { width, height: 900 } });
      const page = await context.newPage();
      page.setDefaultTimeout(120000);  // on a busy machine
      const faults = [], requests = [];
      page.on('console', message => faults.push(message.text()));
      page.on('pageerror', error => faults.push(String(error)));
      page.on('dialog', dialog => { faults.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
      page.on('request', request => requests.push(request.url()));
      await page.goto(`file://${encodeURI(file).replace(/[?#]/g, encodeURIComponent)}`);
      const closed = await page.evaluate(inspect);
      await page.screenshot({ path: `${shots}-${scheme}-${width}.png`, fullPage: true, timeout: 120000 });
      for (const details of await page.$$('details > summary')) await details.evaluate(summary => { summary.parentElement.open = true; });
      const open = await page.evaluate(inspect);
      const paper = scheme === 'light' && width === 1280 ? (await page.pdf({ path: `${shots}.pdf`, format: 'A4', printBackground: true })).length : 0;
      seen.push({ file, scheme, width, faults, requests, paper, closed, open });
      await context.close();
    }
  }
  await browser.close();
  console.log(JSON.stringify(seen));
})().catch(error => { console.error(error); process.exit(1); });
