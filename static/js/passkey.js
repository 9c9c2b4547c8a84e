// data-passkey="create|get" on a form: before it is sent, the browser asks a security key. What the key is asked stands
// in the page, or behind the address in data-passkey-options. A ticked "passwordless" asks for a key that knows its owner.
"use strict";
(() => {
  const form = document.querySelector("[data-passkey]");
  if (!form) return;
  const failed = document.querySelector("[data-passkey-failed]");

  // both ways between the text of the page and the bytes of the key
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const asked = async () => {
    const inPage = document.getElementById("passkey-options");
    const url = form.dataset.passkeyOptions;
    const options = (url ? await (await fetch(url)).json() : JSON.parse(inPage.textContent)).publicKey;
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    for (const known of [...(options.allowCredentials || []), ...(options.excludeCredentials || [])]) known.id = bytes(known.id);
    if (form.elements.passwordless?.checked) {
      options.authenticatorSelection = { residentKey: "required", requireResidentKey: true, userVerification: "required" };
    }
    return options;
  };

  const written = (credential) => {
    const response = {};
    for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[part]) response[part] = text(credential.response[part]);
    }
    const extensions = credential.getClientExtensionResults();
    return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: extensions });
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.hidden = true;
    try {
      const credential = await navigator.credentials[form.dataset.passkey]({ publicKey: await asked() });
      form.elements.credential.value = written(credential);
      HTMLFormElement.prototype.submit.call(form);
    } catch {
      failed.hidden = false;
    }
  });
})();
