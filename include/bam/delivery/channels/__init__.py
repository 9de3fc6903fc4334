"""The ways a parcel leaves the house, all behind the interface in `base`."""
