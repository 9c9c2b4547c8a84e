"""The rules that hold on this site: what is read, by which detectors, and the list that ships with a release."""
