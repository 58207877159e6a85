// Who answers the page: this server, over HTTP.

const PATIENCE = 6;

// A token in the address (the QR code of --lan) is taken out of it, so that nobody passes it on with a link.
const handed = new URLSearchParams(location.hash.slice(1)).get("token");
if (handed) {
  sessionStorage.setItem("olhar-token", handed);
  history.replaceState(null, "", location.pathname + location.search);
}
let secret = sessionStorage.getItem("olhar-token") || "";

function headers(language, extra = {}) {
  const all = { "Accept-Language": language, ...extra };
  return secret ? { ...all, Authorization: `Bearer ${secret}` } : all;
}

// The language that somebody has asked for; empty: as the page came.
export const wish = () => "";

export function remember(language) {
  const here = new URL(location.href);
  here.searchParams.set("language", language);
  history.replaceState(null, "", here);
}

export async function texts(language) {
  const answer = await fetch(`texts.json?language=${encodeURIComponent(language)}`);
  return answer.json();
}

export function token(typed) {
  secret = typed;
  sessionStorage.setItem("olhar-token", secret);
}

export async function meet(language) {
  const answer = await fetch("labels", { headers: headers(language) });
  return { wantsToken: answer.status === 401, model: answer.ok ? await answer.json() : null };
}

// The best `top` classes for a picture, or what is wrong with it ({error}).
export async function ask(file, top, language) {
  for (let turn = 1; ; turn += 1) {
    const answer = await fetch(`predict?top=${top}`, {
      method: "POST",
      body: file,
      headers: headers(language, { "Content-Type": "application/octet-stream" }),
    });
    if (answer.status !== 503 || turn === PATIENCE) return { ...(await answer.json()), wantsToken: answer.status === 401 };
    await new Promise((done) => setTimeout(done, 1000 * turn));
  }
}
