namespace Freshet.Broker.Transactions;

/// <summary>A producer as it names itself in a request.</summary>
internal readonly record struct ProducerIdentity(long ProducerId, short Epoch);
