package editors

// signInPath is where editors sign in.
const signInPath = rootPath + "sign-in"
