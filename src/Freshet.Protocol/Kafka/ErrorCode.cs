namespace Freshet.Protocol.Kafka;

/// <summary>Error codes of the Kafka protocol, under its names. Codes of features that Freshet does not know are left out.</summary>
public enum ErrorCode : short
{
    /// <summary>Something went wrong that has no code of its own.</summary>
    UnknownServerError = -1,

    /// <summary>Success.</summary>
    None = 0,

    /// <summary>Kafka error 1, OFFSET_OUT_OF_RANGE.</summary>
    OffsetOutOfRange = 1,

    /// <summary>Kafka error 2, CORRUPT_MESSAGE; clients try again.</summary>
    CorruptMessage = 2,

    /// <summary>Kafka error 3, UNKNOWN_TOPIC_OR_PARTITION; clients try again.</summary>
    UnknownTopicOrPartition = 3,

    /// <summary>Kafka error 4, INVALID_FETCH_SIZE.</summary>
    InvalidFetchSize = 4,

    /// <summary>Kafka error 5, LEADER_NOT_AVAILABLE; clients try again.</summary>
    LeaderNotAvailable = 5,

    /// <summary>Kafka error 6, NOT_LEADER_OR_FOLLOWER; clients try again.</summary>
    NotLeaderOrFollower = 6,

    /// <summary>Kafka error 7, REQUEST_TIMED_OUT; clients try again.</summary>
    RequestTimedOut = 7,

    /// <summary>Kafka error 8, BROKER_NOT_AVAILABLE.</summary>
    BrokerNotAvailable = 8,

    /// <summary>Kafka error 9, REPLICA_NOT_AVAILABLE; clients try again.</summary>
    ReplicaNotAvailable = 9,

    /// <summary>Kafka error 10, MESSAGE_TOO_LARGE.</summary>
    MessageTooLarge = 10,

    /// <summary>Kafka error 11, STALE_CONTROLLER_EPOCH.</summary>
    StaleControllerEpoch = 11,

    /// <summary>Kafka error 12, OFFSET_METADATA_TOO_LARGE.</summary>
    OffsetMetadataTooLarge = 12,

    /// <summary>Kafka error 13, NETWORK_EXCEPTION; clients try again.</summary>
    NetworkException = 13,

    /// <summary>Kafka error 14, COORDINATOR_LOAD_IN_PROGRESS; clients try again.</summary>
    CoordinatorLoadInProgress = 14,

    /// <summary>Kafka error 15, COORDINATOR_NOT_AVAILABLE; clients try again.</summary>
    CoordinatorNotAvailable = 15,

    /// <summary>Kafka error 16, NOT_COORDINATOR; clients try again.</summary>
    NotCoordinator = 16,

    /// <summary>Kafka error 17, INVALID_TOPIC_EXCEPTION.</summary>
    InvalidTopicException = 17,

    /// <summary>Kafka error 18, RECORD_LIST_TOO_LARGE.</summary>
    RecordListTooLarge = 18,

    /// <summary>Kafka error 19, NOT_ENOUGH_REPLICAS; clients try again.</summary>
    NotEnoughReplicas = 19,

    /// <summary>Kafka error 20, NOT_ENOUGH_REPLICAS_AFTER_APPEND; clients try again.</summary>
    NotEnoughReplicasAfterAppend = 20,

    /// <summary>Kafka error 21, INVALID_REQUIRED_ACKS.</summary>
    InvalidRequiredAcks = 21,

    /// <summary>Kafka error 22, ILLEGAL_GENERATION.</summary>
    IllegalGeneration = 22,

    /// <summary>Kafka error 23, INCONSISTENT_GROUP_PROTOCOL.</summary>
    InconsistentGroupProtocol = 23,

    /// <summary>Kafka error 24, INVALID_GROUP_ID.</summary>
    InvalidGroupId = 24,

    /// <summary>Kafka error 25, UNKNOWN_MEMBER_ID.</summary>
    UnknownMemberId = 25,

    /// <summary>Kafka error 26, INVALID_SESSION_TIMEOUT.</summary>
    InvalidSessionTimeout = 26,

    /// <summary>Kafka error 27, REBALANCE_IN_PROGRESS.</summary>
    RebalanceInProgress = 27,

    /// <summary>Kafka error 28, INVALID_COMMIT_OFFSET_SIZE.</summary>
    InvalidCommitOffsetSize = 28,

    /// <summary>Kafka error 29, TOPIC_AUTHORIZATION_FAILED.</summary>
    TopicAuthorizationFailed = 29,

    /// <summary>Kafka error 30, GROUP_AUTHORIZATION_FAILED.</summary>
    GroupAuthorizationFailed = 30,

    /// <summary>Kafka error 31, CLUSTER_AUTHORIZATION_FAILED.</summary>
    ClusterAuthorizationFailed = 31,

    /// <summary>Kafka error 32, INVALID_TIMESTAMP.</summary>
    InvalidTimestamp = 32,

    /// <summary>Kafka error 33, UNSUPPORTED_SASL_MECHANISM.</summary>
    UnsupportedSaslMechanism = 33,

    /// <summary>Kafka error 34, ILLEGAL_SASL_STATE.</summary>
    IllegalSaslState = 34,

    /// <summary>Kafka error 35, UNSUPPORTED_VERSION.</summary>
    UnsupportedVersion = 35,

    /// <summary>Kafka error 36, TOPIC_ALREADY_EXISTS.</summary>
    TopicAlreadyExists = 36,

    /// <summary>Kafka error 37, INVALID_PARTITIONS.</summary>
    InvalidPartitions = 37,

    /// <summary>Kafka error 38, INVALID_REPLICATION_FACTOR.</summary>
    InvalidReplicationFactor = 38,

    /// <summary>Kafka error 39, INVALID_REPLICA_ASSIGNMENT.</summary>
    InvalidReplicaAssignment = 39,

    /// <summary>Kafka error 40, INVALID_CONFIG.</summary>
    InvalidConfig = 40,

    /// <summary>Kafka error 41, NOT_CONTROLLER; clients try again.</summary>
    NotController = 41,

    /// <summary>Kafka error 42, INVALID_REQUEST.</summary>
    InvalidRequest = 42,

    /// <summary>Kafka error 43, UNSUPPORTED_FOR_MESSAGE_FORMAT.</summary>
    UnsupportedForMessageFormat = 43,

    /// <summary>Kafka error 44, POLICY_VIOLATION.</summary>
    PolicyViolation = 44,

    /// <summary>Kafka error 45, OUT_OF_ORDER_SEQUENCE_NUMBER.</summary>
    OutOfOrderSequenceNumber = 45,

    /// <summary>Kafka error 46, DUPLICATE_SEQUENCE_NUMBER.</summary>
    DuplicateSequenceNumber = 46,

    /// <summary>Kafka error 47, INVALID_PRODUCER_EPOCH.</summary>
    InvalidProducerEpoch = 47,

    /// <summary>Kafka error 48, INVALID_TXN_STATE.</summary>
    InvalidTxnState = 48,

    /// <summary>Kafka error 49, INVALID_PRODUCER_ID_MAPPING.</summary>
    InvalidProducerIdMapping = 49,

    /// <summary>Kafka error 50, INVALID_TRANSACTION_TIMEOUT.</summary>
    InvalidTransactionTimeout = 50,

    /// <summary>Kafka error 51, CONCURRENT_TRANSACTIONS; clients try again.</summary>
    ConcurrentTransactions = 51,

    /// <summary>Kafka error 52, TRANSACTION_COORDINATOR_FENCED.</summary>
    TransactionCoordinatorFenced = 52,

    /// <summary>Kafka error 53, TRANSACTIONAL_ID_AUTHORIZATION_FAILED.</summary>
    TransactionalIdAuthorizationFailed = 53,

    /// <summary>Kafka error 54, SECURITY_DISABLED.</summary>
    SecurityDisabled = 54,

    /// <summary>Kafka error 55, OPERATION_NOT_ATTEMPTED.</summary>
    OperationNotAttempted = 55,

    /// <summary>Kafka error 56, KAFKA_STORAGE_ERROR; clients try again.</summary>
    KafkaStorageError = 56,

    /// <summary>Kafka error 57, LOG_DIR_NOT_FOUND.</summary>
    LogDirNotFound = 57,

    /// <summary>Kafka error 58, SASL_AUTHENTICATION_FAILED.</summary>
    SaslAuthenticationFailed = 58,

    /// <summary>Kafka error 59, UNKNOWN_PRODUCER_ID.</summary>
    UnknownProducerId = 59,

    /// <summary>Kafka error 60, REASSIGNMENT_IN_PROGRESS.</summary>
    ReassignmentInProgress = 60,

    /// <summary>Kafka error 61, DELEGATION_TOKEN_AUTH_DISABLED.</summary>
    DelegationTokenAuthDisabled = 61,

    /// <summary>Kafka error 64, DELEGATION_TOKEN_REQUEST_NOT_ALLOWED.</summary>
    DelegationTokenRequestNotAllowed = 64,

    /// <summary>Kafka error 67, INVALID_PRINCIPAL_TYPE.</summary>
    InvalidPrincipalType = 67,

    /// <summary>Kafka error 68, NON_EMPTY_GROUP.</summary>
    NonEmptyGroup = 68,

    /// <summary>Kafka error 69, GROUP_ID_NOT_FOUND.</summary>
    GroupIdNotFound = 69,

    /// <summary>Kafka error 70, FETCH_SESSION_ID_NOT_FOUND; clients try again.</summary>
    FetchSessionIdNotFound = 70,

    /// <summary>Kafka error 71, INVALID_FETCH_SESSION_EPOCH; clients try again.</summary>
    InvalidFetchSessionEpoch = 71,

    /// <summary>Kafka error 72, LISTENER_NOT_FOUND; clients try again.</summary>
    ListenerNotFound = 72,

    /// <summary>Kafka error 73, TOPIC_DELETION_DISABLED.</summary>
    TopicDeletionDisabled = 73,

    /// <summary>Kafka error 74, FENCED_LEADER_EPOCH; clients try again.</summary>
    FencedLeaderEpoch = 74,

    /// <summary>Kafka error 75, UNKNOWN_LEADER_EPOCH; clients try again.</summary>
    UnknownLeaderEpoch = 75,

    /// <summary>Kafka error 76, UNSUPPORTED_COMPRESSION_TYPE.</summary>
    UnsupportedCompressionType = 76,

    /// <summary>Kafka error 77, STALE_BROKER_EPOCH.</summary>
    StaleBrokerEpoch = 77,

    /// <summary>Kafka error 78, OFFSET_NOT_AVAILABLE; clients try again.</summary>
    OffsetNotAvailable = 78,

    /// <summary>Kafka error 79, MEMBER_ID_REQUIRED.</summary>
    MemberIdRequired = 79,

    /// <summary>Kafka error 80, PREFERRED_LEADER_NOT_AVAILABLE; clients try again.</summary>
    PreferredLeaderNotAvailable = 80,

    /// <summary>Kafka error 81, GROUP_MAX_SIZE_REACHED.</summary>
    GroupMaxSizeReached = 81,

    /// <summary>Kafka error 82, FENCED_INSTANCE_ID.</summary>
    FencedInstanceId = 82,

    /// <summary>Kafka error 83, ELIGIBLE_LEADERS_NOT_AVAILABLE; clients try again.</summary>
    EligibleLeadersNotAvailable = 83,

    /// <summary>Kafka error 84, ELECTION_NOT_NEEDED.</summary>
    ElectionNotNeeded = 84,

    /// <summary>Kafka error 85, NO_REASSIGNMENT_IN_PROGRESS.</summary>
    NoReassignmentInProgress = 85,

    /// <summary>Kafka error 86, GROUP_SUBSCRIBED_TO_TOPIC.</summary>
    GroupSubscribedToTopic = 86,

    /// <summary>Kafka error 87, INVALID_RECORD.</summary>
    InvalidRecord = 87,

    /// <summary>Kafka error 88, UNSTABLE_OFFSET_COMMIT; clients try again.</summary>
    UnstableOffsetCommit = 88,

    /// <summary>Kafka error 89, THROTTLING_QUOTA_EXCEEDED; clients try again.</summary>
    ThrottlingQuotaExceeded = 89,

    /// <summary>Kafka error 90, PRODUCER_FENCED.</summary>
    ProducerFenced = 90,

    /// <summary>Kafka error 91, RESOURCE_NOT_FOUND.</summary>
    ResourceNotFound = 91,

    /// <summary>Kafka error 92, DUPLICATE_RESOURCE.</summary>
    DuplicateResource = 92,

    /// <summary>Kafka error 93, UNACCEPTABLE_CREDENTIAL.</summary>
    UnacceptableCredential = 93,

    /// <summary>Kafka error 94, INCONSISTENT_VOTER_SET.</summary>
    InconsistentVoterSet = 94,

    /// <summary>Kafka error 95, INVALID_UPDATE_VERSION.</summary>
    InvalidUpdateVersion = 95,

    /// <summary>Kafka error 96, FEATURE_UPDATE_FAILED.</summary>
    FeatureUpdateFailed = 96,

    /// <summary>Kafka error 97, PRINCIPAL_DESERIALIZATION_FAILURE.</summary>
    PrincipalDeserializationFailure = 97,

    /// <summary>Kafka error 98, SNAPSHOT_NOT_FOUND.</summary>
    SnapshotNotFound = 98,

    /// <summary>Kafka error 99, POSITION_OUT_OF_RANGE.</summary>
    PositionOutOfRange = 99,

    /// <summary>Kafka error 100, UNKNOWN_TOPIC_ID; clients try again.</summary>
    UnknownTopicId = 100,

    /// <summary>Kafka error 101, DUPLICATE_BROKER_REGISTRATION.</summary>
    DuplicateBrokerRegistration = 101,

    /// <summary>Kafka error 102, BROKER_ID_NOT_REGISTERED.</summary>
    BrokerIdNotRegistered = 102,

    /// <summary>Kafka error 103, INCONSISTENT_TOPIC_ID; clients try again.</summary>
    InconsistentTopicId = 103,

    /// <summary>Kafka error 104, INCONSISTENT_CLUSTER_ID.</summary>
    InconsistentClusterId = 104,

    /// <summary>Kafka error 105, TRANSACTIONAL_ID_NOT_FOUND.</summary>
    TransactionalIdNotFound = 105,

    /// <summary>Kafka error 106, FETCH_SESSION_TOPIC_ID_ERROR; clients try again.</summary>
    FetchSessionTopicIdError = 106,

    /// <summary>Kafka error 107, INELIGIBLE_REPLICA.</summary>
    IneligibleReplica = 107,

    /// <summary>Kafka error 108, NEW_LEADER_ELECTED.</summary>
    NewLeaderElected = 108,

    /// <summary>Kafka error 109, OFFSET_MOVED_TO_TIERED_STORAGE.</summary>
    OffsetMovedToTieredStorage = 109,

    /// <summary>Kafka error 110, FENCED_MEMBER_EPOCH.</summary>
    FencedMemberEpoch = 110,

    /// <summary>Kafka error 111, UNRELEASED_INSTANCE_ID.</summary>
    UnreleasedInstanceId = 111,

    /// <summary>Kafka error 112, UNSUPPORTED_ASSIGNOR.</summary>
    UnsupportedAssignor = 112,

    /// <summary>Kafka error 113, STALE_MEMBER_EPOCH.</summary>
    StaleMemberEpoch = 113,

    /// <summary>Kafka error 114, MISMATCHED_ENDPOINT_TYPE.</summary>
    MismatchedEndpointType = 114,

    /// <summary>Kafka error 115, UNSUPPORTED_ENDPOINT_TYPE.</summary>
    UnsupportedEndpointType = 115,

    /// <summary>Kafka error 116, UNKNOWN_CONTROLLER_ID.</summary>
    UnknownControllerId = 116,

    /// <summary>Kafka error 117, UNKNOWN_SUBSCRIPTION_ID.</summary>
    UnknownSubscriptionId = 117,

    /// <summary>Kafka error 118, TELEMETRY_TOO_LARGE.</summary>
    TelemetryTooLarge = 118,

    /// <summary>Kafka error 119, INVALID_REGISTRATION.</summary>
    InvalidRegistration = 119,

    /// <summary>Kafka error 120, TRANSACTION_ABORTABLE.</summary>
    TransactionAbortable = 120,

    /// <summary>Kafka error 121, INVALID_RECORD_STATE.</summary>
    InvalidRecordState = 121,

    /// <summary>Kafka error 122, SHARE_SESSION_NOT_FOUND; clients try again.</summary>
    ShareSessionNotFound = 122,

    /// <summary>Kafka error 123, INVALID_SHARE_SESSION_EPOCH; clients try again.</summary>
    InvalidShareSessionEpoch = 123,

    /// <summary>Kafka error 124, FENCED_STATE_EPOCH.</summary>
    FencedStateEpoch = 124,

    /// <summary>Kafka error 125, INVALID_VOTER_KEY.</summary>
    InvalidVoterKey = 125,

    /// <summary>Kafka error 126, DUPLICATE_VOTER.</summary>
    DuplicateVoter = 126,

    /// <summary>Kafka error 127, VOTER_NOT_FOUND.</summary>
    VoterNotFound = 127,

    /// <summary>Kafka error 128, INVALID_REGULAR_EXPRESSION.</summary>
    InvalidRegularExpression = 128,

    /// <summary>Kafka error 129, REBOOTSTRAP_REQUIRED.</summary>
    RebootstrapRequired = 129,
}
