using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client;

/// <summary>A znode's data and stat, read together.</summary>
/// <param name="Data">The data; null when the znode holds null.</param>
public sealed record ZnodeData(byte[]? Data, Stat Stat);

/// <summary>A znode's children and stat, read together.</summary>
/// <param name="Names">Names, not paths, in no particular order.</param>
public sealed record ZnodeChildren(IReadOnlyList<string> Names, Stat Stat);

/// <summary>A znode's access list and stat, read together.</summary>
public sealed record ZnodeAcl(IReadOnlyList<Acl> Entries, Stat Stat);

/// <summary>A created znode.</summary>
/// <param name="Path">Its path, with the number that a sequential mode appended.</param>
public sealed record CreatedZnode(string Path, Stat Stat);
