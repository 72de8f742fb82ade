"""What members' questions teach, once a person approves: the queue "add to the FAQ?"."""
