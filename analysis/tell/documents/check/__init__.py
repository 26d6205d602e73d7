"""What `junheng check` tells: notices in readers' words, and the causes under which they hang."""
