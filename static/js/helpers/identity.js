// What does this page show to be let in? (A token in a frame; elsewhere the cookie goes by itself, and its companion against forged requests.)

const SUBPROTOCOL = "switchyard";

/** The headers of every request, as the page's `hx-headers` has them. */
export function credentials() {
  return JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
}

/** The subprotocols of a WebSocket, which can carry no header: ours, and the token. */
export function protocols() {
  const token = credentials().Authorization?.replace("Bearer ", "");
  return token ? [SUBPROTOCOL, `bearer.${token}`] : [];
}
