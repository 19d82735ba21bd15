using Freshet.Coordination.Access;
using Freshet.Coordination.Transactions;
using Freshet.Coordination.Tree;

namespace Freshet.Coordination.Requests.Writes;

/// <summary>What a write is decided with.</summary>
/// <param name="Pending">The tree plus all changes in flight.</param>
/// <param name="Client">Whose permissions count.</param>
/// <param name="Schemes">What access lists may name.</param>
/// <param name="Session">Who asks.</param>
/// <param name="Quotas">How quotas are kept.</param>
/// <param name="At">The zxid and time the write gets.</param>
internal readonly record struct PrepareContext(PendingState Pending, Identities Client, AuthenticationSchemes Schemes, long Session, QuotaCheck Quotas, Moment At);
