"""The provider's answers as frozen structs, one file a resource."""
