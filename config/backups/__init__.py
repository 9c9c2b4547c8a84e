"""One file with everything the site keeps: database, media and evidence; and the way back from it."""
