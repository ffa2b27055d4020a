// Where does a page go on that looked at somebody else's cluster? (Its first change made a copy: to the copy. A frame finds its own way.)

export function followToCopy() {
  document.body.addEventListener("moved-to-copy", ({ detail }) => {
    if (!("frame" in document.body.dataset)) location.assign(detail.address);
  });
}
